"""Matters on either store: asked, passed, answered, confirmed; sheets filled in and signed with the missing named."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.schema import Layer
from services import accounts, matters
from services.catalog.actions import Action, Role
from services.context import AuditQuery, Context
from services.i18n import translate, use_language
from services.maintenance import copy_store
from services.matters import (
    FinalSheetError,
    KindRestsError,
    MatterDraft,
    OwnAnswerError,
    RevisionError,
    SubjectError,
    fill_sheet,
    read_board,
    read_form,
    read_matter,
    read_matters,
    read_sheets,
    read_totals,
    sign_sheets,
)
from services.matters.errors import (
    CauseError,
    FutureSheetError,
    MatterReasonError,
    NothingToSignError,
    OwnerError,
    TitleError,
)
from services.matters.texts import board_words, change_texts, state_text, time_words, total_lines
from services.modes import declare_mode
from services.people import Periods, clean_up, erase_person, export_person
from services.rules.areas import Area, OutsideAreaError
from services.rules.burden import BurdenError
from services.rules.free_text import PersonInTextError
from services.rules.matters.clock import GivenDateError, ReminderError, Urgency
from services.rules.matters.forms import RequiredFieldError
from services.rules.matters.kinds import KindError
from services.rules.matters.machine import MatterState, Side, Verb, VerbError, replay
from services.rules.roles import Actor
from services.rules.windows import DAY, Mode
from services.store import Store
from tests.acting import act
from tests.services.planning.conftest import (  # noqa: F401 - fixtures
    NOW,
    chinese,
    either_store,
    file_store,
    filled,
    filled_database,
    frame,
    now,
    office,
    square,
    zone,
)

C1, C2, S, D, U = (
    Area(Layer.COMMUNITIES, "C1"),
    Area(Layer.COMMUNITIES, "C2"),
    Area(Layer.SUBDISTRICTS, "S"),
    Area(Layer.DISTRICTS, "D"),
    Area(Layer.UNITS, "U1"),
)
AWAY = {"away": 40, "away_risk": 1, "left_today": 3, "back_today": 2}


@pytest.fixture
def store(either_store):  # noqa: F811 - the fixture above
    return either_store


@pytest.fixture(autouse=True)
def town(office):  # noqa: F811 - the fixture above
    """A second community, and a unit."""
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.COMMUNITIES, frame({"C2": zone("合和社区", "S")}, [square(900, 0)]))
        work.tx.upsert(Layer.UNITS, frame({"U1": {"name": "甲单位", "community_codes": "C1"}}))


@pytest.fixture
def people(store, now):  # noqa: F811 - the fixture above
    """Return whoever acts for an area, by short names."""
    actors = {
        "secretary": Actor("书记", Role.SECRETARY, C1),
        "neighbour": Actor("邻居", Role.SECRETARY, C2),
        "street": Actor("街道", Role.PLANNER, S),
        "chief": Actor("指挥", Role.SUBDISTRICT_COMMANDER, S),
        "district": Actor("区里", Role.DISTRICT_COMMANDER, D),
        "liaison": Actor("联络员", Role.LIAISON, U),
    }
    return {name: Context(store, actor, clock=lambda: now[0]) for name, actor in actors.items()}


@pytest.fixture
def emergency(office, now):  # noqa: F811 - the fixture above
    declare_mode(office, Mode.EMERGENCY, reason="疫情", approver="指挥", until=now[0] + 20 * DAY)


WHISTLE = MatterDraft(
    kind="whistle",
    subject="grids:G1",
    title="缺 6 人守门",
    urgency=Urgency.DAY,
    cause="emergency",
    values={"people": 6},
)


def whistle(context, event="w1", **changes):
    return matters.ask_matter(context, MatterDraft(**{**vars_of(WHISTLE), **changes}), event_id=event)


def vars_of(draft):
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}


def view(context, number):
    return read_matter(context, number).view


def test_a_whistle_goes_its_way_and_only_who_asked_says_that_it_is_done(people, now):  # noqa: F811
    number = whistle(people["secretary"], owner="units:U1")
    assert [each.id for each in read_matters(people["liaison"]).waiting] == [number]
    now[0] += timedelta(hours=2, minutes=30)
    matters.decline_matter(people["liaison"], number, reason="不归我办")
    assert view(people["street"], number).owner == "街道"
    now[0] += timedelta(hours=3, minutes=31)
    late = view(people["street"], number)
    assert (late.level, time_words(late, now[0])) == (1, "逾期 1 分")
    matters.take_matter(people["street"], number)
    assert view(people["street"], number).level == 0
    now[0] = NOW + timedelta(hours=25, minutes=30)
    assert view(people["street"], number).level == 1
    with pytest.raises(VerbError):
        matters.close_matter(people["street"], number)
    matters.answer_matter(people["street"], number, "派了 6 人")
    assert time_words(view(people["secretary"], number), now[0]) == "迟 1 小时 30 分 答复"
    assert [each.id for each in read_matters(people["secretary"]).waiting] == [number]
    with pytest.raises(VerbError):
        matters.close_matter(people["street"], number)
    matters.close_matter(people["secretary"], number, satisfied="yes")
    record = read_matter(people["secretary"], number)
    assert translate(state_text(record.view)) == "办结，满意"
    assert [event.verb for event in record.events] == [
        Verb.ASK, Verb.DECLINE, Verb.TAKE, Verb.ANSWER, Verb.CLOSE,
    ]  # fmt: skip
    assert record.events[1].words == "不归我办"
    assert record.events[1].owner == "街道"


@pytest.mark.parametrize(
    ("minutes", "lists"),
    [(359, set()), (361, {"chief"}), (1441, {"chief", "district"}), (2881, {"chief", "district"})],
    ids=["23:29", "23:31", "next day 17:31", "the day after"],
)
def test_what_is_late_comes_into_the_lists_above_who_asked(people, now, minutes, lists):  # noqa: F811
    number = whistle(people["secretary"], owner="units:U1")
    now[0] += timedelta(minutes=minutes)
    escalated = {
        name
        for name in ("secretary", "neighbour", "chief", "district")
        if any(each.id == number and each.is_escalated for each in read_matters(people[name]).waiting)
    }
    assert escalated == lists
    assert view(people["secretary"], number).level == len([1 for limit in (360, 1440, 2880) if minutes > limit])


def test_a_unit_without_an_account_is_answered_for_by_the_level_above(office, people):  # noqa: F811
    number = whistle(people["secretary"], owner="units:U1")
    assert [each.is_for_unit for each in read_matters(people["street"]).waiting] == [True]
    matters.take_matter(people["street"], number)
    accounts.create_account(office, "wang")
    accounts.grant_role(office, "wang", Role.LIAISON, U)
    assert read_matters(people["street"]).waiting == ()
    assert [each.id for each in read_matters(people["liaison"]).waiting] == [number]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"cause": "nothing"}, CauseError),
        ({"title": "  "}, TitleError),
        ({"title": "张奶奶家"}, PersonInTextError),
        ({"body": "电话 13800001234"}, PersonInTextError),
        ({"subject": "grids:G9"}, SubjectError),
        ({"subject": "units:U1"}, SubjectError),
        ({"subject": "communities:C2"}, OutsideAreaError),
        ({"owner": "communities:C2"}, OwnerError),
        ({"owner": "units:U9"}, OwnerError),
        ({"asker": "communities:C2"}, OutsideAreaError),
        ({"kind": "task", "due": None, "cause": "", "owner": "grids:G1", "values": {}}, GivenDateError),
        ({"kind": "supply", "values": {"item": "口罩"}}, RequiredFieldError),
        ({"kind": "ledger_away"}, matters.UnknownKindError),
    ],
    ids=str,
)
def test_what_lacks_something_is_not_asked(people, changes, error):
    with pytest.raises(error):
        whistle(people["secretary"], **changes)
    assert read_matters(people["secretary"]).matters == ()


def test_a_community_has_five_whistles_at_once_in_routine_times(office, people, now):  # noqa: F811
    for each in range(5):
        whistle(people["secretary"], f"w{each}")
    assert whistle(people["secretary"], "w0") == 1, "sent twice, asked once"
    with pytest.raises(BurdenError):
        whistle(people["secretary"], "w5")
    whistle(people["neighbour"], "other", subject="communities:C2")
    declare_mode(office, Mode.EMERGENCY, reason="疫情", approver="指挥", until=now[0] + DAY)
    whistle(people["secretary"], "w5")


def test_a_residents_order_is_claimed_done_and_confirmed_by_somebody_else(people, now):  # noqa: F811
    draft = MatterDraft(
        kind="order",
        subject="estates:E1",
        title="修水龙头",
        owner="communities:C1",
        due=now[0] + DAY,
        values={"way": "订单", "category": "repair", "heads": 1},
    )
    number = matters.ask_matter(people["secretary"], draft, event_id="o1")
    matters.take_matter(people["secretary"], number)
    matters.answer_matter(people["secretary"], number, "修好了")
    with pytest.raises(OwnAnswerError):
        matters.close_matter(people["secretary"], number, satisfied="yes")
    deputy = Context(people["secretary"]._store, Actor("副书记", Role.SECRETARY, C1), clock=lambda: now[0])
    matters.return_matter(deputy, number, reason="还在漏水")
    assert view(deputy, number).state is MatterState.TAKEN
    matters.answer_matter(people["secretary"], number, "换了垫圈")
    matters.close_matter(deputy, number, satisfied="yes")
    assert view(deputy, number).satisfied is True


def test_reasons_and_reminders_are_held_to_their_rules(people, now):  # noqa: F811
    number = whistle(people["secretary"])
    with pytest.raises(MatterReasonError):
        matters.withdraw_matter(people["secretary"], number, reason=" ")
    with pytest.raises(ReminderError):
        matters.remind_matter(people["secretary"], number)
    now[0] += timedelta(hours=13)
    matters.remind_matter(people["secretary"], number)
    with pytest.raises(ReminderError):
        matters.remind_matter(people["secretary"], number)
    with pytest.raises(OutsideAreaError):
        matters.note_matter(people["neighbour"], number, "我来看看")
    matters.note_matter(people["street"], number, "已电话联系")
    matters.withdraw_matter(people["secretary"], number, reason="已经解决")
    assert view(people["secretary"], number).verbs == {Verb.NOTE}
    assert view(people["street"], number).state is MatterState.WITHDRAWN


def test_an_answer_that_nobody_confirms_stands_as_read_and_nobody_is_said_to_be_satisfied(people, now):  # noqa: F811
    number = whistle(people["secretary"])
    matters.take_matter(people["street"], number)
    matters.answer_matter(people["street"], number, "派了 6 人")
    now[0] += 8 * DAY
    assert read_matters(people["secretary"]).waiting == ()
    assert translate(state_text(view(people["secretary"], number))) == "已阅，未确认"


def test_what_lies_elsewhere_is_not_shown(people):
    number = whistle(people["secretary"])
    assert read_matters(people["neighbour"]).matters == ()
    assert [each.id for each in read_matters(people["district"]).matters] == [number]
    with pytest.raises(OutsideAreaError):
        read_matter(people["neighbour"], number)
    with pytest.raises(matters.UnknownMatterError):
        read_matter(people["neighbour"], 99)


VERBS = {
    Verb.TAKE: matters.take_matter,
    Verb.ANSWER: lambda c, n: matters.answer_matter(c, n, "办好了"),
    Verb.CLOSE: matters.close_matter,
    Verb.RETURN: lambda c, n: matters.return_matter(c, n, reason="还没有好"),
    Verb.PASS: lambda c, n: matters.pass_matter(c, n, "units:U1", reason="归他们管"),
    Verb.DECLINE: lambda c, n: matters.decline_matter(c, n, reason="不归我办"),
    Verb.WITHDRAW: lambda c, n: matters.withdraw_matter(c, n, reason="已经解决"),
    Verb.NOTE: lambda c, n: matters.note_matter(c, n, "已电话联系"),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(list(VERBS)), st.sampled_from(["secretary", "street", "district"])), max_size=8)
)
def test_the_state_of_a_matter_is_what_its_history_leads_to(people, tried):
    number = whistle(people["secretary"], event=repr(tried)) if tried else None
    for verb, who in tried:
        try:
            VERBS[verb](people[who], number)
        except (VerbError, OutsideAreaError, OwnerError, OwnAnswerError, matters.NobodyAboveError):
            continue
    if number is None:
        return
    with people["secretary"].look(Action.VIEW_MATTERS) as tx:
        row, events = tx.matters.read_matter(number), tx.matters.read_events([number])[number]
    assert replay((Verb(event["what"]), Side(event["side"])) for event in events) == row["state"]
    assert row["revision"] == len(events)
    if row["state"] in {"open", "taken"}:
        matters.withdraw_matter(people["secretary"], number, reason="已经解决")


# Sheets


def test_a_daily_sheet_rests_in_routine_times_and_so_does_its_declaration(people):
    with pytest.raises(KindRestsError):
        fill_sheet(people["secretary"], "ledger_away", "C1", AWAY)
    daily = """[daily]\nname="日报"\nsource="假定"\nsubjects=["communities"]\nowners=[]\nevery="day"\nissuer="街道"
grounds="通知"\nmodes=["emergency"]\nfields=[{code="a",name="甲"}]\n"""
    with pytest.raises(BurdenError, match="weekly"):
        matters.check_kinds(people["street"], daily)
    with pytest.raises(KindError):
        matters.declare_kinds(people["street"], "[whistle]\n")
    weekly = daily.replace('"day"', '"week"').replace('["emergency"]', '["routine"]')
    with pytest.raises(KindError):
        matters.check_kinds(people["street"], weekly)
    weekly = weekly.replace("fields", "start=2026-11-01\nuntil=2027-10-31\nfields")
    assert matters.declare_kinds(people["street"], weekly) == ["daily"]
    fill_sheet(people["secretary"], "daily", "C1", {"a": 1})
    assert matters.declare_kinds(people["street"], weekly.replace("甲", "乙")) == ["daily"]
    assert read_form(people["secretary"], "daily", "communities:C1").values == {"a": 1}


def test_sheets_are_filled_signed_with_the_missing_named_and_signed_again(people, emergency, now):  # noqa: F811
    secretary, street = people["secretary"], people["street"]
    assert [(task.kind.code, task.zone_name) for task in read_sheets(secretary)][:2] == [
        ("satisfaction", "雅瑶社区"),
        ("voice", "雅瑶社区"),
    ]
    with pytest.raises(RequiredFieldError):
        fill_sheet(secretary, "ledger_away", "C1", {"away": 40})
    fill_sheet(secretary, "ledger_away", "C1", {"away": 40}, is_draft=True)
    assert not read_board(street, "ledger_away", "subdistricts:S").roll_up.complete
    with pytest.raises(NothingToSignError):
        sign_sheets(street, "ledger_away", "subdistricts:S")
    number = fill_sheet(secretary, "ledger_away", "C1", {"away_risk": 1, "left_today": 3, "back_today": 2})
    outcome = sign_sheets(street, "ledger_away", "subdistricts:S")
    assert (outcome.count, outcome.roll_up.missing) == (1, ("C2",))
    board = read_board(street, "ledger_away", "subdistricts:S")
    totals = {field.code: translate(words) for field, words, _more in total_lines(board)}
    assert totals["away"] == "≥ 40（1/2，缺合和社区）"
    assert totals["members"] == "≥ 90（1/2，缺合和社区）"
    assert board_words(board) == "1/2 已填报，1 已签，缺：合和社区"
    with pytest.raises(FinalSheetError):
        fill_sheet(secretary, "ledger_away", "C1", AWAY)
    fill_sheet(people["neighbour"], "ledger_away", "C2", {**AWAY, "away": 37})
    assert not read_board(street, "ledger_away", "subdistricts:S").changes
    sign_sheets(street, "ledger_away", "subdistricts:S")
    board = read_board(street, "ledger_away", "subdistricts:S")
    assert {field.code: translate(words) for field, words, _more in total_lines(board)}["away"] == "77（2/2）"
    matters.return_matter(street, number, reason="数不对")
    assert read_form(secretary, "ledger_away", "communities:C1").reason == "数不对"
    fill_sheet(secretary, "ledger_away", "C1", {"away": 37})
    board = read_board(street, "ledger_away", "subdistricts:S")
    assert "下级已改：外出总人数 -40" in [translate(each) for each in change_texts(board)]
    sign_sheets(street, "ledger_away", "subdistricts:S")
    boards, totals = read_totals(people["district"], "ledger_away", "subdistricts:S", NOW.date(), NOW.date())
    assert (len(boards), totals["away"], totals["left_today"]) == (1, 74, 6)
    above = read_board(people["district"], "ledger_away", "districts:D")
    assert above.lines[0].values["away"] == 74
    assert sign_sheets(people["district"], "ledger_away", "districts:D").roll_up.totals["away"] == 74


def test_a_form_comes_with_what_is_known_and_is_held_against_yesterday(people, emergency, now):  # noqa: F811
    fill_sheet(people["secretary"], "ledger_away", "C1", AWAY)
    now[0] += DAY
    form = read_form(people["secretary"], "ledger_away", "communities:C1")
    assert {field.code: form.values.get(field.code) for field in form.figures} == {
        "residents": 4800, "households": 1600, "members": 90,
    }  # fmt: skip
    (note,) = form.notes({"away": 41, "left_today": 3, "back_today": 2})
    assert translate(note.text) == "41 = 前次 40 + 今日离开 3 − 今日返回 2：对得上"
    with pytest.raises(FutureSheetError):
        fill_sheet(people["secretary"], "ledger_away", "C1", AWAY, period="2026-11-27")


def test_whoever_filled_a_sheet_in_does_not_sign_it(people, emergency):
    fill_sheet(people["street"], "ledger_away", "C1", AWAY)
    with pytest.raises(OwnAnswerError):
        sign_sheets(people["street"], "ledger_away", "subdistricts:S")
    assert sign_sheets(people["chief"], "ledger_away", "subdistricts:S").count == 1


def test_of_two_who_fill_one_sheet_the_second_is_told_by_whom_it_was_changed(people, emergency, now):  # noqa: F811
    deputy = Context(people["secretary"]._store, Actor("副书记", Role.SECRETARY, C1), clock=lambda: now[0])
    fill_sheet(people["secretary"], "ledger_away", "C1", AWAY)
    revision = read_form(people["secretary"], "ledger_away", "communities:C1").revision
    gate = Barrier(2)

    def fill(context, away):
        gate.wait()
        try:
            fill_sheet(context, "ledger_away", "C1", {**AWAY, "away": away}, revision=revision)
        except RevisionError as error:
            return translate(error.text)
        return away

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(fill, (people["secretary"], deputy), (50, 60)))
    (kept,) = [each for each in answers if isinstance(each, int)]
    (said,) = [each for each in answers if isinstance(each, str)]
    assert "改过" in said
    assert read_form(deputy, "ledger_away", "communities:C1").values["away"] == kept


def test_a_person_who_is_erased_leaves_nothing_but_a_number(office, people):  # noqa: F811
    draft = MatterDraft(
        kind="claim", subject="members:M001", title="补录服务", body="上周六东门", values={"minutes": 90}
    )
    number = matters.ask_matter(people["secretary"], draft, event_id="m1")
    matters.note_matter(people["secretary"], number, "等核对一下")
    assert [row["title"] for row in export_person(office, "M001")["matters"]] == ["补录服务"]
    erase_person(office, "M001", reason="本人要求")
    record = read_matter(office, number)
    assert (record.view.title, record.view.body, record.view.values) == ("", "", {})
    assert record.view.subject == "（已删除的党员）"
    assert {event.words for event in record.events} == {""}


def test_what_is_over_for_three_years_is_forgotten(office, people, now):  # noqa: F811
    whistle(people["secretary"], "stays")
    gone = whistle(people["secretary"], "goes")
    matters.withdraw_matter(people["secretary"], gone, reason="已经解决")
    now[0] += 1096 * DAY
    assert clean_up(office, Periods()).matters == 1
    with office.look(Action.VIEW_MATTERS) as tx:
        assert [row["event_id"] for row in tx.matters.read_matters()] == ["stays"]


def test_a_copy_of_the_store_has_the_matters(office, people, tmp_path):  # noqa: F811
    number = whistle(people["secretary"])
    store = Store.open(f"sqlite:///{tmp_path / 'copy.gpkg'}")
    copy_store(office, Context(store))
    assert read_matter(Context(store, clock=lambda: NOW), number).view.title == "缺 6 人守门"
    store.close()


def test_every_verb_leaves_an_audit_row_without_words(office, people):  # noqa: F811
    number = whistle(people["secretary"])
    matters.note_matter(people["secretary"], number, "等人手到齐")
    with office.look(Action.VIEW_AUDIT) as tx:
        rows = tx.trail.find(AuditQuery(action="ask_matter"), limit=9)
    assert {json.loads(detail)["verb"] for detail in rows["detail"]} == {"ask", "note"}
    assert set(rows["object"]) == {f"matter:{number}"}
    assert not [detail for detail in rows["detail"] if "人手" in detail or "守门" in detail]


def test_in_english_the_same_is_said(people, now):  # noqa: F811
    number = whistle(people["secretary"])
    use_language("en")
    assert view(people["street"], number).kind.title == "Whistle"
    assert time_words(view(people["street"], number), now[0]) == "6 h 0 min left"
