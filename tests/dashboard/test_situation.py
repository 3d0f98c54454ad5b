"""The commander's page, run without a browser."""

import re
from html import escape

import pytest

from dashboard import cache
from geo.schema import ZONE_LAYERS, Layer
from services.catalog.actions import Action, Role
from services.modes import current_mode
from services.rules import roles
from services.rules.norm_texts import list_norms
from services.rules.windows import Mode, parse_window
from tests.clocks import MACHINES, stopped_machine
from tests.dashboard.panels import choices, open_page, parts_of, said


def html(page):
    return "\n".join([*(str(element.proto.body) for element in page.get("html")), said(parts_of(page, "zones"))])


def chosen(page):
    """Return which of the windows at the top is marked."""
    ((_tag, _style, cells),) = parts_of(page, "outlook")
    return [more["choose"] for *_part, more in cells if more["pressed"] == "true"]


def test_it_opens_in_chinese_with_four_figures_and_the_ranking(demo):
    page = open_page()
    assert [label in html(page) for label in ("本时段需求满足率", "薄弱网格", "缺口人数", "富余人数")] == [True] * 4
    rows = list(choices(part_of(page, "gm-rows gm-ranking")).values())
    assert len(rows) == 15
    assert "缺" in rows[0]
    assert "最近富余" in rows[0]


def part_of(page, style):
    """Return the part of the list beside the map that has a style."""
    return next(part for part in parts_of(page, "zones") if part[1] == style)[2]


@pytest.mark.parametrize(("zone", "level"), [("", Layer.SUBDISTRICTS), ("subdistricts", Layer.COMMUNITIES)])
def test_a_wide_zone_ranks_its_parts_by_gap_with_the_estates_below(demo, zone, level):
    tables = cache.coverage_view(cache.declared_mode().mode, parse_window("now", cache.context().clock())).tables
    zones = tables[level]
    if zone:
        street = zones["parent_code"].mode()[0]
        zone, zones = f"{zone}:{street}", zones[zones["parent_code"] == street]
    page = open_page(zone=zone)
    rows = [word.partition(":") for word in choices(part_of(page, "gm-rows gm-parts"))]
    assert {at for at, _colon, _code in rows} == {level.value}
    gaps = zones.loc[[code for _at, _colon, code in rows], "gap"].tolist()
    assert gaps == zones["gap"].sort_values(ascending=False).tolist()[: len(gaps)]
    styles = [part[1] for part in parts_of(page, "zones")]
    assert styles.index("gm-worst") < styles.index("gm-rows gm-parts") < styles.index("gm-rows gm-ranking")


def test_the_three_worst_are_named_in_one_sentence_as_they_stand_in_the_list(demo):
    page = open_page()
    labels = list(choices(part_of(page, "gm-rows gm-parts")).values())[:3]
    named = [(label.split()[1], " ".join(label.split()[2:5])) for label in labels]
    expected = "缺口最大的三个街道：" + "、".join(f"{name}（{missing}）" for name, missing in named)
    assert said(part_of(page, "gm-worst")).replace("\u00a0", " ") == expected


def test_a_community_lists_estates_alone(demo):
    community = cache.layer_frame(Layer.COMMUNITIES).index[0]
    styles = [part[1] for part in parts_of(open_page(zone=f"communities:{community}"), "zones")]
    assert "gm-parts" not in " ".join(styles)
    assert "gm-heading" in styles


def test_a_row_names_the_estate_whose_card_it_opens(demo):
    word, label = next(iter(choices(part_of(open_page(), "gm-rows gm-ranking")).items()))
    assert word.startswith("estates:")
    page = open_page(zone=word)
    assert label.split()[1] in said(parts_of(page, "zones")[0])
    assert "需求构成" in html(page)
    assert "力量来源" in html(page)


def test_an_address_opens_what_it_was_sent_for(demo):
    grid = cache.layer_frame(Layer.GRIDS).index[0]
    page = open_page(zone=f"grids:{grid}", window="weekend", mode="lockdown", layer="gap")
    assert cache.layer_frame(Layer.GRIDS).at[grid, "name"] in html(page)
    assert chosen(page) == ["weekend"]
    assert page.session_state["mode"] == "lockdown"
    assert page.session_state["layer"] == "gap"


def test_the_breadcrumb_goes_from_the_widest_to_the_chosen(demo):
    grid = cache.layer_frame(Layer.GRIDS).index[0]
    page = open_page(zone=f"grids:{grid}")
    crumbs = choices(parts_of(page, "crumbs"))
    assert [word.partition(":")[0] for word in crumbs] == ["", "districts", "subdistricts", "communities", "grids"]
    assert list(crumbs)[-1] == f"grids:{grid}"


def test_the_mode_switch_is_a_lens_and_declares_nothing(demo):
    page = open_page(mode="lockdown")
    assert not page.exception
    assert current_mode(cache.context()).mode is Mode.ROUTINE


@pytest.mark.parametrize("layer", ["ratio", "gap", "density", "reach", "cold"])
def test_every_layer_can_be_shown(demo, layer):
    assert open_page(layer=layer).query_params.get("layer", "ratio") in (layer, [layer])


@pytest.mark.parametrize(
    "query", [{"zone": "grids:nowhere"}, {"window": "never"}, {"mode": "war"}, {"zone": "members:1"}]
)
def test_a_strange_address_is_no_fault(demo, query):
    page = open_page(**query)
    assert "本时段需求满足率" in html(page)


def test_the_table_is_made_when_it_is_opened(demo):
    page = open_page()
    assert len(page.dataframe) == 0
    page.session_state["section"] = "table"
    page.run()
    assert len(page.dataframe) == 1


def test_the_figure_of_weak_grids_leads_whoever_plans_to_their_list_in_the_same_window(demo):
    assert 'href="/reinforce?window=tonight&amp;list=weak"' in html(open_page(window="tonight"))


def test_whoever_plans_nothing_gets_the_table_of_grids(demo, monkeypatch):
    monkeypatch.setattr(roles, "ALLOWED", {Role.LOCAL: frozenset(Action) - {Action.PLAN}})
    assert 'href="/situation?list=weak"' in html(open_page())
    page = open_page(list="weak")
    assert (page.session_state["section"], page.session_state["table-level"]) == ("table", "grids")
    assert "list" not in page.query_params


def test_the_method_shows_every_norm_with_its_whole_source(demo):
    page = open_page()
    assert '<table class="gm-norms">' not in html(page)
    page.session_state["section"] = "method"
    page.run()
    shown = html(page)
    for norm in list_norms(cache.coverage_inputs().norms):
        assert f"<td>{escape(norm.source)}</td>" in shown


@pytest.mark.parametrize("layer", ZONE_LAYERS)
def test_a_table_has_no_column_that_is_empty_at_its_level(demo, layer):
    page = open_page()
    page.session_state["section"] = "table"
    page.session_state["table-level"] = layer.value
    page.run()
    rows = page.dataframe[0].value
    assert len(rows) == len(cache.layer_frame(layer))
    assert rows.columns[rows.isna().all()].tolist() == []
    assert rows["name"].notna().all()
    assert ("reach" in rows) is (layer is not Layer.ESTATES)


def test_the_language_can_be_chosen(demo):
    page = open_page(lang="en")
    assert "Weak grids" in html(page)
    assert "薄弱" not in html(page)


def test_an_empty_store_says_what_to_do_next(empty):
    page = open_page()
    assert "还没有数据" in html(page)
    assert page.get("code")


@pytest.mark.parametrize("machine", MACHINES)
def test_now_is_the_hour_of_the_district_on_every_machine(demo, machine):
    with stopped_machine(machine):
        page = open_page()
    assert parts_of(page, "hours")["hours"][0]["label"].startswith("11-29 周日 07:00")


def tiles(page):
    """Return the four figures at the top, as they are shown."""
    shown = next(body for body in (str(e.proto.body) for e in page.get("html")) if "gm-tiles" in body)
    return re.findall(r'gm-value">([^<]*)<', shown)


def weak_inside(level, code):
    """Return how many grids inside a zone are short of people, counted in the table of grids."""
    there = cache.coverage_view(current_mode(cache.context()).mode, parse_window("now", cache.context().clock()))
    grids = there.tables[Layer.GRIDS]
    inner = grids[grids["parent_code"] == code] if level is Layer.COMMUNITIES else grids
    return int((inner["status"] == "weak").sum())


def test_figures_strip_and_list_are_of_the_community_that_is_chosen(demo):
    communities = cache.layer_frame(Layer.COMMUNITIES).index
    shown = {code: open_page(zone=f"communities:{code}") for code in communities[:3]}
    for code, page in shown.items():
        assert tiles(page)[1] == str(weak_inside(Layer.COMMUNITIES, code))
    assert tiles(open_page())[1] == str(weak_inside(None, ""))


def test_a_grid_that_is_chosen_leaves_the_figures_to_the_area_it_was_chosen_in(demo):
    grids = cache.layer_frame(Layer.GRIDS)
    grid, community = grids.index[0], grids["parent_code"].iloc[0]
    assert tiles(open_page(zone=f"grids:{grid}", within=f"communities:{community}"))[1] == str(
        weak_inside(Layer.COMMUNITIES, community)
    )


def test_a_grid_outside_the_area_it_was_chosen_in_widens_the_area(demo):
    grids = cache.layer_frame(Layer.GRIDS)
    first = grids["parent_code"].iloc[0]
    other = grids.index[grids["parent_code"] != first][0]
    above = cache.layer_frame(Layer.COMMUNITIES)["parent_code"]
    page = open_page(zone=f"grids:{other}", within=f"communities:{first}")
    if above[first] == above[grids.at[other, "parent_code"]]:
        assert page.query_params["within"] in (f"subdistricts:{above[first]}", [f"subdistricts:{above[first]}"])
    assert tiles(page) != tiles(open_page(zone=f"communities:{first}"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"zone": "grids:nowhere", "layer": "gap"}, "网格“nowhere”查不到"),
        ({"mode": "war"}, "mode=war"),
        ({"zone": "members:1"}, "区域“members:1”"),
    ],
)
def test_what_of_an_address_is_not_shown_is_said_and_the_rest_is_kept(demo, query, words):
    page = open_page(**query)
    assert words in page.warning[0].value.replace("\\", "")
    assert page.session_state["layer"] == query.get("layer", "ratio")
    page.run()
    assert words in page.warning[0].value.replace("\\", "")


def test_a_zone_that_is_gone_leaves_the_area_it_lay_in(demo):
    community = cache.layer_frame(Layer.COMMUNITIES).index[0]
    page = open_page(zone="estates:nowhere", within=f"communities:{community}")
    assert tiles(page)[1] == str(weak_inside(Layer.COMMUNITIES, community))
