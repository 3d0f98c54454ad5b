"""What a briefing says of a small town, and of stores that lack this or that."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from geo.schema import ZONE_LAYERS, Layer
from services.briefing import (
    CachedInputs,
    SectionChoice,
    SectionName,
    freeze,
    make_briefing,
    read_briefing,
    read_shown_plan,
    source_line,
)
from services.briefing.errors import (
    CommentTooLongError,
    NothingChosenError,
    SectionTwiceError,
    UnsentPlanError,
)
from services.briefing.model import Tone
from services.briefing.sections.hours import look_ahead, outlook_title
from services.briefing.words import speaking
from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.coverage import load_inputs
from services.i18n import current_language
from services.planning import recall_order, report_orders
from services.planning.errors import UnknownPlanError
from services.planning.orders import orders_between
from services.rules.areas import Area
from services.rules.order_steps import OrderStep
from services.rules.roles import Actor, may
from services.rules.windows import hours_ahead
from tests.acting import act

from .conftest import EVENING, NOW, write_members, write_zones


def section(briefing, name):
    return next(part for part in briefing.sections if part.name is name)


def titles(briefing):
    return {part.name.value: part.title for part in briefing.sections}


def test_all_sections_come_in_their_usual_order(office, request_):
    assert [part.name for part in make_briefing(office, request_).sections] == list(SectionName)


def test_beside_the_people_that_were_sent_stands_how_many_are_there(office, request_, commit, make_plan):
    commit(("T1", "G2", 12), ("T2", "G3", 6))
    arrived = next(order for order in orders_between(office, EVENING) if order.team_code == "T2")
    report_orders(office, [arrived.id], OrderStep.ARRIVED)
    sent = next(
        one for one in section(make_briefing(office, request_), SectionName.PLAN).figures if one.label == "派出人数"
    )
    assert (sent.value, sent.note) == ("18", "已到岗 6 人")
    draft = replace(request_, plan_id=make_plan(("T3", "G3", 2)))
    assert section(make_briefing(office, draft), SectionName.PLAN).figures[1].note == ""


def test_the_conclusions_are_those_of_the_figures(office, request_):
    assert titles(make_briefing(office, request_)) == {
        "situation": "今晚 20 时起 3 个网格力量不足，缺 8 人，集中在雅瑶社区",
        "weakest": "今晚 20 时起 1 个杂居小区力量不足：云港花园，缺 5.3 人",
        "plan": "今晚 20 时起没有派出队伍，也未选定方案",
        "hours": "今晚 22 时起好转，力量不足的网格由 3 个减至 2 个",
        "roster": "未来 72 小时没有已发布的值守表",
        "communities": "今晚 20 时起 3 个社区中 2 个有网格力量不足，雅瑶社区缺口最大（缺 4.9 人）",
        "data": "数据最近更新：刚刚；党员全部落到网格",
    }


def test_the_conclusions_are_said_in_english(office, request_):
    said = titles(make_briefing(office, replace(request_, language="en")))
    assert said["situation"] == "From 20:00 tonight: 3 grids short of 8 people, most of them in 雅瑶社区"
    assert said["data"] == "The data changed just now; every member belongs to a grid"


def test_orders_are_shown_with_before_and_after(office, request_, commit):
    commit(("T1", "G2", 12), ("T2", "G3", 6))
    part = section(make_briefing(office, request_), SectionName.PLAN)
    assert part.title.startswith("已派出 2 支队伍 18 人，力量不足的网格由 3 个变为 1 个，还缺 1 人")
    assert [(figure.value, figure.note) for figure in part.figures[2:4]] == [("1", "派出前 3"), ("1", "派出前 8")]
    assert part.table.rows[0] == ("消防一队", "12", "G1网格", "G2网格", "雅瑶社区")
    assert len(part.map.arcs) == 2
    assert part.lead == "仍有 1 个网格力量不足，缺 1 人。"


def test_a_draft_is_shown_on_top_of_the_orders(office, request_, commit, make_plan):
    commit(("T1", "G2", 12))
    plan_id = make_plan(("T2", "G3", 6))
    part = section(make_briefing(office, replace(request_, plan_id=plan_id)), SectionName.PLAN)
    assert part.title.startswith(f"方案 {plan_id} 拟派 1 支队伍 6 人，力量不足的网格由 2 个变为 1 个")


def test_a_committed_plan_is_shown_as_its_orders(office, request_, commit):
    commit(("T1", "G2", 12))
    plan_id = commit(("T2", "G3", 6))
    part = section(make_briefing(office, replace(request_, plan_id=plan_id)), SectionName.PLAN)
    assert part.title.startswith("已派出 1 支队伍 6 人，力量不足的网格由 2 个变为 1 个")


def test_a_plan_without_moves_says_so(office, request_, make_plan):
    plan_id = make_plan()
    part = section(make_briefing(office, replace(request_, plan_id=plan_id)), SectionName.PLAN)
    assert part.title == f"方案 {plan_id} 还没有调配"
    assert part.table is None
    assert part.map is None


def test_an_unknown_plan_is_refused(office, request_):
    with pytest.raises(UnknownPlanError):
        make_briefing(office, replace(request_, plan_id=99))


@pytest.mark.parametrize("role", [role for role in Role if may(Actor("a", role), Action.VIEW_BRIEFING)])
def test_a_draft_is_shown_to_those_who_plan_alone(store, request_, make_plan, role):
    shown = replace(request_, plan_id=make_plan(("T1", "G2", 12)))
    who = Context(store, Actor("a", role), lambda: NOW)
    if role in {Role.SECRETARY, Role.SCREEN}:
        for ask in (lambda: make_briefing(who, shown), lambda: read_shown_plan(who, shown.plan_id)):
            with pytest.raises(UnsentPlanError, match="not sent"):
                ask()
    else:
        assert section(make_briefing(who, shown), SectionName.PLAN).table is not None


def test_the_screen_shows_a_plan_that_was_sent_and_a_draft_that_was_frozen(office, screen, request_, make_plan, commit):
    sent = commit(("T1", "G2", 12))
    assert section(make_briefing(screen, replace(request_, plan_id=sent)), SectionName.PLAN).table is not None
    number = freeze(office, replace(request_, plan_id=make_plan(("T2", "G2", 3))))
    assert section(read_briefing(screen, number, "zh"), SectionName.PLAN).table is not None


def test_whoever_may_not_see_briefings_is_refused(store, request_):
    with pytest.raises(RefusedError):
        make_briefing(Context(store, Actor("a", Role.LIAISON)), request_)


def test_chosen_sections_come_in_the_order_chosen_with_their_comments(office, request_):
    chosen = (
        SectionChoice(SectionName.DATA, comment="  请先核对 ${alert(1)} <b>数据</b>  "),
        SectionChoice(SectionName.HOURS, is_shown=False),
        SectionChoice(SectionName.SITUATION),
    )
    briefing = make_briefing(office, replace(request_, sections=chosen))
    assert [part.name for part in briefing.sections] == [SectionName.DATA, SectionName.SITUATION]
    assert briefing.sections[0].comment == "请先核对 ${alert(1)} <b>数据</b>"


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ((), NothingChosenError),
        ((SectionChoice(SectionName.DATA, is_shown=False),), NothingChosenError),
        ((SectionChoice(SectionName.DATA), SectionChoice(SectionName.DATA)), SectionTwiceError),
        ((SectionChoice(SectionName.DATA, comment="字" * 301),), CommentTooLongError),
    ],
)
def test_choices_that_cannot_be_shown_are_refused(office, request_, sections, fault):
    with pytest.raises(fault):
        make_briefing(office, replace(request_, sections=sections))


def test_an_empty_store_says_so_in_every_section(empty_office, request_):
    briefing = make_briefing(empty_office, request_)
    assert titles(briefing) == {
        "situation": "还没有导入网格，暂时无法评估力量",
        "weakest": "还没有导入网格，暂时无法评估力量",
        "plan": "今晚 20 时起没有派出队伍，也未选定方案",
        "hours": "还没有导入网格，暂时无法预判后续时段",
        "roster": "未来 72 小时没有已发布的值守表",
        "communities": "尚未导入社区",
        "data": "还没有数据，请先导入网格、小区和党员",
    }
    assert briefing.data_at is None
    assert all(part.map is None for part in briefing.sections)


def town(office, communities, grids):
    with act(office, Action.IMPORT) as work:
        write_zones(work.tx, communities, grids)
        write_members(work.tx, grids)


def test_without_need_nobody_is_short(empty_office, request_):
    town(empty_office, {"C1": "雅瑶社区"}, {"G1": ("C1", 0, 4)})
    said = titles(make_briefing(empty_office, request_))
    assert said["situation"] == "今晚 20 时起各网格均无力量需求"
    assert said["weakest"] == "今晚 20 时起没有力量不足的网格"
    assert said["hours"] == "未来 72 小时没有力量不足的网格"
    assert said["communities"] == "今晚 20 时起，雅瑶社区没有力量需求"


def test_without_estates_the_weakest_are_grids(empty_office, request_):
    town(empty_office, {"C1": "雅瑶社区"}, {"G1": ("C1", 3000, 0), "G2": ("C1", 30, 50)})
    part = section(make_briefing(empty_office, request_), SectionName.WEAKEST)
    assert part.lead == "尚未导入小区，以下按网格排列。"
    assert part.table.rows[0][1:3] == ("G1网格", "雅瑶社区")


def test_without_communities_no_place_is_named(empty_office, request_):
    town(empty_office, {}, {"G1": (None, 3000, 0)})
    said = titles(make_briefing(empty_office, request_))
    assert said["situation"] == "今晚 20 时起 1 个网格力量不足，缺 8.4 人"
    assert said["communities"] == "尚未导入社区"


def test_of_300_communities_twelve_are_listed_and_the_others_counted(empty_office, request_):
    communities = {f"C{k:03d}": f"第{k}社区" for k in range(300)}
    town(empty_office, communities, {f"G{k:03d}": (f"C{k:03d}", 3000, 0) for k in range(300)})
    briefing = make_briefing(empty_office, request_)
    table = section(briefing, SectionName.COMMUNITIES).table
    assert (len(table.rows), table.left_out) == (12, 288)
    assert "分布在 300 个社区" in section(briefing, SectionName.SITUATION).title


def test_a_name_of_forty_characters_is_cut(empty_office, request_):
    name = "长" * 38 + "社区"
    town(empty_office, {"C1": name, "C2": "短社区"}, {"G1": ("C1", 3000, 0), "G2": ("C2", 0, 0)})
    briefing = make_briefing(empty_office, request_)
    assert section(briefing, SectionName.SITUATION).title.endswith("都在长长长长长长长长长长…长长长社区")
    assert len(section(briefing, SectionName.COMMUNITIES).table.rows[0][0]) == 22


def test_members_without_a_grid_are_told(empty_office, request_):
    town(empty_office, {"C1": "雅瑶社区"}, {"G1": ("C1", 300, 4), "G9": ("C1", 300, 8)})
    with act(empty_office, Action.IMPORT) as work:
        work.tx.delete(Layer.GRIDS, ["G9"])
    part = section(make_briefing(empty_office, request_), SectionName.DATA)
    assert part.title == "数据最近更新：刚刚；8 名党员未落到网格，未计入力量"


def test_the_data_is_as_old_as_its_last_change_not_as_the_last_look(office, request_, now, commit):
    now[0] = NOW + timedelta(minutes=5)
    commit(("T1", "G2", 12))
    changed = now[0]
    now[0] = NOW + timedelta(minutes=20)
    freeze(office, request_)
    assert make_briefing(office, request_).data_at == changed


def test_a_recall_is_a_change(office, request_, now, commit):
    commit(("T1", "G2", 12))
    now[0] = NOW + timedelta(minutes=7)
    order = orders_between(office, EVENING)[0]
    recall_order(office, order.id, reason="已解除")
    assert make_briefing(office, request_).data_at == now[0]


def test_what_the_caller_shares_gives_the_same_words(office, request_, commit):
    commit(("T1", "G2", 12))
    coverage_inputs = load_inputs(office)
    with office.look(Action.VIEW_COVERAGE) as tx:
        zones = {layer: tx.read_layer(layer) for layer in ZONE_LAYERS}
    shared = make_briefing(office, replace(request_, cached_inputs=CachedInputs(coverage_inputs, zones)))
    own = make_briefing(office, request_)
    assert [replace(part, map=None) for part in shared.sections] == [replace(part, map=None) for part in own.sections]
    assert shared.sections[0].map.zones is zones[Layer.GRIDS]


@pytest.mark.parametrize(
    ("weak", "zh", "en"),
    [
        ((0, 0, 0), "未来 3 小时没有力量不足的网格", "No grid is short of people in the next 3 hours"),
        ((4, 4, 4), "未来 3 小时始终有 4 个网格力量不足", "In the next 3 hours the number of weak grids stays at 4"),
        (
            (4, 4, 9),
            "今天 14 时起转紧，力量不足的网格由 4 个增至 9 个",
            "From 14:00 today it gets worse: weak grids go from 4 to 9",
        ),
        (
            (4, 9, 12),
            "今天 13 时起转紧，力量不足的网格由 4 个增至 9 个，最多 12 个（今天 14 时）",
            "From 13:00 today it gets worse: weak grids go from 4 to 9, to 12 at most (14:00 today)",
        ),
        (
            (9, 4, 9),
            "今天 13 时起好转，力量不足的网格由 9 个减至 4 个",
            "From 13:00 today it gets better: weak grids go from 9 to 4",
        ),
    ],
)
def test_the_hours_ahead_tip_where_they_get_worse_first(weak, zh, en):
    starts = [hour.start for hour in hours_ahead(NOW, 3)]
    assert outlook_title(look_ahead(weak), starts, NOW) == zh
    with speaking("en"):
        assert outlook_title(look_ahead(weak), starts, NOW) == en


def test_the_language_of_the_caller_stays(office, request_):
    make_briefing(office, replace(request_, language="en"))
    assert current_language() == "zh"


def test_the_same_inputs_give_the_same_words(office, request_):
    one, other = (make_briefing(office, request_) for _ in range(2))
    assert [replace(part, map=None) for part in one.sections] == [replace(part, map=None) for part in other.sections]
    assert replace(one, sections=()) == replace(other, sections=())


def test_totals_say_that_small_groups_count_as_one(office, request_):
    rows = dict(section(make_briefing(office, request_), SectionName.DATA).table.rows)
    assert "合计里按 1 人计" in rows["人数口径"]


def test_what_is_counted_lies_in_the_area_of_whoever_makes_it(office, request_):
    part = section(make_briefing(office.within(Area(Layer.COMMUNITIES, "C1")), request_), SectionName.DATA)
    counted = {figure.label: figure.value for figure in part.figures}
    assert (counted["网格"], counted["小区"], counted["队伍"]) == ("2", "1", "3")
    part = section(make_briefing(office.within(Area(Layer.COMMUNITIES, "C2")), request_), SectionName.DATA)
    counted = {figure.label: figure.value for figure in part.figures}
    assert (counted["网格"], counted["小区"], counted["队伍"]) == ("2", "0", "0")


def test_it_names_its_area_its_hours_and_who_made_it(office, request_):
    secretary = replace(office, actor=Actor("zhang", Role.SECRETARY, Area(Layer.COMMUNITIES, "C1")))
    briefing = make_briefing(secretary, request_)
    assert briefing.title == "雅瑶社区力量情况汇报"
    assert source_line(briefing) == (
        "雅瑶社区 · 11 月 25 日（周三）20:00–24:00 · 应急 · 制作：zhang · 2026-11-25 12:00 北京时间（UTC+8）"
    )


@pytest.mark.parametrize(
    ("language", "title", "maker"),
    [("zh", "街道力量情况汇报", "本机"), ("en", "街道: briefing on people and need", "At this machine")],
)
def test_everything_is_called_like_the_one_zone_that_holds_it_also_when_it_is_frozen(
    office, request_, language, title, maker
):
    for briefing in (
        make_briefing(office, replace(request_, language=language)),
        read_briefing(office, freeze(office, request_), language),
    ):
        assert (briefing.title, briefing.area, briefing.maker) == (title, "街道", maker)


def test_no_version_stands_outside_the_section_on_the_data(office, request_):
    briefing = make_briefing(office, request_)
    others = [part for part in briefing.sections if part.name is not SectionName.DATA]
    assert not re.search("norms|口径|版本", f"{source_line(briefing)} {[part.title + part.lead for part in others]}")


def test_an_import_is_due_only_where_one_is_expected(office, request_, now, monkeypatch):
    assert make_briefing(office, request_).import_due is None
    monkeypatch.setenv("GRIDMUSTER_IMPORT_HOURS", "24")
    assert make_briefing(office, request_).import_due == NOW
    stated = dict.fromkeys(("layer", "file_name", "file_sha256", "actor", "report"), "")
    counts = dict.fromkeys(("rows_read", "rows_accepted", "rows_rejected"), 0)
    with act(office, Action.IMPORT) as work:
        for hours in (30, 3):
            at = (NOW - timedelta(hours=hours)).isoformat(timespec="seconds")
            last = work.tx.records.add_batch(**stated, **counts, at=at)
    assert make_briefing(office, request_).import_due == NOW + timedelta(hours=21)
    with act(office, Action.TAKE_BACK) as work:
        work.tx.records.mark_taken_back(last, NOW.isoformat())
    late = make_briefing(office, request_)
    assert late.import_due == NOW - timedelta(hours=6)
    assert section(late, SectionName.DATA).figures[0].tone is Tone.BAD
