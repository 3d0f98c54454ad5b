"""Whoever adds up by hand what pages, papers, files and commands say finds the same."""

import os
import re

import numpy as np
import pandas as pd
import pytest
import python_calamine

from dashboard.pages.situation.cards import need_parts, supply_parts
from dashboard.pages.situation.tiles import headline_tiles
from dashboard.pages.situation.zone_table import table_rows
from dashboard.payloads.briefing import briefing_payload
from dashboard.wall.shapes import ShapeStore
from geo.coverage import Status
from geo.schema import PARENT_LAYER, WIDE_LAYERS, ZONE_LAYERS, Layer
from services import briefing
from services.assignment import assign_members
from services.briefing import BriefingRequest
from services.briefing.gap_communities import gaps_by_community
from services.briefing.model import SectionName
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from services.export.briefing.atlas import atlas_sections
from services.export.situation import look_at
from services.rules.classes import MapLayer, classify, make_scales
from services.rules.rounding import balance_of, round_table, sum_balance
from services.rules.windows import Mode, NamedWindow, parse_window
from tests.adding import check_rows, check_sum, figure

FIGURES = ("need", "met", "gap", "surplus")
SIZES = [DemoSize(name) for name in os.environ.get("GRIDMUSTER_TEST_SIZES", "subdistrict district").split()]
"""What is added up; ``make soak`` does so with the city, which takes minutes to make."""


@pytest.fixture(scope="module", params=SIZES, ids=str)
def url(request, tmp_path_factory):
    """Make a demo of a size."""
    made = f"sqlite:///{tmp_path_factory.mktemp('adds') / 'demo.gpkg'}"
    context = open_context(made)
    fill_store(context, make_district(request.param))
    assign_members(context)
    return made


@pytest.fixture(scope="module")
def context(url):
    return open_context(url)


@pytest.fixture(scope="module")
def situations(context):
    """Look at every mode in a window each."""
    named = (NamedWindow.NOW, NamedWindow.TONIGHT, NamedWindow.WEEKEND)
    windows = [parse_window(name, context.clock()) for name in named]
    return [look_at(context, window, mode) for window, mode in zip(windows, Mode, strict=True)]


def test_wide_zones_are_the_exact_sums_of_their_parts(situations):
    for situation in situations:
        for part, whole in PARENT_LAYER.items():
            if part not in ZONE_LAYERS or part is Layer.ESTATES:
                continue
            tables = situation.tables
            sums = tables[part].groupby("parent_code")[list(FIGURES)].sum()
            wide = tables[whole].loc[sums.index]
            np.testing.assert_allclose(sums, wide[list(FIGURES)], atol=1e-6)
            np.testing.assert_allclose(wide["need"] - wide["met"], wide["gap"], atol=1e-6)
            assert wide["ratio"].isna().all()
            assert (wide["share_met"].dropna() <= 1).all()


def test_the_table_of_the_page_adds_up_at_every_level(situations):
    for situation in situations:
        for table in situation.tables.values():
            rows = table_rows(table)
            assert check_rows(rows[["need", "met", "gap"]].itertuples(index=False)) == table["need"].notna().sum()
            weak = (table["status"] == Status.WEAK).to_numpy()
            assert ((rows["gap"] > 0).to_numpy() == weak).all()
            assert (rows.loc[weak, "share_met"] < 100).all()


def test_tiles_list_map_and_briefing_say_the_same(context, situations):
    for situation in situations:
        grids = situation.tables[Layer.GRIDS]
        together = sum_balance(grids)
        tiles = headline_tiles(situation.headlines, [], context.clock())
        assert [figure(tile.value) for tile in tiles[2:]] == [together.gap, together.surplus]
        assert figure(tiles[1].value) == (round_table(grids)["gap"] > 0).sum()
        assert abs(figure(tiles[0].value) - 100 * together.met / together.need) <= 1
        made = briefing.make_briefing(context, BriefingRequest(situation.facts.window, situation.facts.mode))
        told = next(part for part in made.sections if part.name is SectionName.SITUATION)
        assert [part.value for part in told.figures[1:]] == [tile.value for tile in tiles[1:]]
        assert f"缺 {tiles[2].value} 人" in told.title


def test_communities_short_of_people_are_counted_alike_in_both_sections(situations):
    for situation in situations:
        told = gaps_by_community(situation.coverage_inputs, situation.tables[Layer.GRIDS])
        assert len(told) == (situation.tables[Layer.COMMUNITIES]["status"] == Status.WEAK).sum()


def lacking_in(situation, places):
    """Return how many people are missing in the zones that a conclusion names: the largest gaps of one level."""
    for level in (Layer.COMMUNITIES, Layer.SUBDISTRICTS, Layer.DISTRICTS):
        gaps = round_table(situation.tables[level])["gap"].set_axis(situation.tables[level]["name"])
        named = gaps[[name.removesuffix("社区") in places for name in gaps.index]]
        if len(named):
            assert sorted(named) == sorted(gaps.nlargest(len(named)))
            return round(float(named.sum()), 1)
    raise AssertionError(places)


def test_the_sections_of_a_briefing_add_up(context, situations):
    for situation in situations:
        made = briefing.make_briefing(context, BriefingRequest(situation.facts.window, situation.facts.mode))
        by_name = {part.name: part for part in made.sections}
        communities = by_name[SectionName.COMMUNITIES].table
        heads = [column.name for column in communities.columns]
        assert heads[1:4] == ["需求", "已满足", "缺口"]
        assert check_rows(row[1:4] for row in communities.rows) == len(communities.rows)
        gaps = [figure(row[3]) for row in communities.rows]
        if told := re.search(r"其中(.*)缺 ([\d.,]+) 人，占 (\d+)%", by_name[SectionName.SITUATION].title):
            lacking, missing = lacking_in(situation, told[1]), figure(by_name[SectionName.SITUATION].figures[2].value)
            assert figure(told[2]) == lacking
            assert abs(float(told[3]) - 100 * lacking / missing) <= 0.5
        assert gaps == sorted(gaps, reverse=True)
        if not communities.left_out:
            check_sum([row[3] for row in communities.rows], sum_balance(situation.tables[Layer.GRIDS]).gap)
        weakest = by_name[SectionName.WEAKEST].table
        assert check_rows(row[3:6] for row in weakest.rows) == len(weakest.rows)


def test_every_zone_of_the_screen_and_every_page_of_the_atlas_adds_up(context, situations):
    facts = situations[1].facts
    made = briefing.make_briefing(context, BriefingRequest(facts.window, facts.mode))
    shown = briefing_payload(made, ShapeStore().put)["sections"][0]["map"]["facts"]
    for fact in filter(None, shown):
        told = {word: figure(value) for word, value in fact}
        if "gap" in told:
            assert told["need"] - told.get("supply", told.get("met")) == pytest.approx(told["gap"], abs=1e-6)
        elif "supply" in told:
            assert told["supply"] - told["need"] == pytest.approx(told["surplus"], abs=1e-6)
        else:
            assert told["met"] == told["need"]
    for section in atlas_sections(made):
        need, met, gap, _spare = (figure(part.value) for part in section.figures[2:])
        assert need - met == pytest.approx(gap, abs=1e-6)
        assert check_rows(row[1:4] for row in section.table.rows) == len(section.table.rows)
        check_sum([row[1] for row in section.table.rows], need)
        check_sum([row[3] for row in section.table.rows], gap)


def test_the_card_of_a_zone_adds_up(situations):
    for situation in situations:
        for level, table in situation.tables.items():
            for _code, row in table[table["need"].notna()].head(60).iterrows():
                balance = balance_of(row)
                assert sum(need_parts(row, situation.coverage_inputs.norms).values()) == pytest.approx(
                    balance.need, abs=1e-6
                )
                if level not in WIDE_LAYERS:
                    assert sum(supply_parts(row).values()) == pytest.approx(balance.supply, abs=1e-6)


def test_labels_of_the_map_say_the_gap_of_the_table(situations):
    tables = situations[0].tables
    for level, scale in make_scales(MapLayer.GAP, tables).items():
        shown, told = classify(scale, tables[level]).figures, round_table(tables[level])
        for value, (_code, row), status in zip(shown, told.iterrows(), tables[level]["status"], strict=True):
            if status == Status.WEAK:
                assert value == -row["gap"]
            elif status in {Status.ENOUGH, Status.SPARE}:
                assert value == row["surplus"]


@pytest.mark.parametrize("level", ["grid", "estate", "community", "subdistrict", "district"])
def test_files_of_the_command_line_add_up(url, tmp_path, capsys, level):
    paths = [tmp_path / f"{level}{suffix}" for suffix in (".csv", ".xlsx")]
    for path in paths:
        assert run(app, ["coverage", "--store", url, "--level", level, "--out", str(path)]) == Exit.DONE
    said = capsys.readouterr().out
    exact = pd.read_csv(paths[0], dtype={"code": str})
    np.testing.assert_allclose(exact["need"] - exact["met"], exact["gap"], atol=1e-6)
    book = python_calamine.CalamineWorkbook.from_path(str(paths[1]))
    head, *rows = book.get_sheet_by_index(0).to_python()
    place = {name: head.index(name) for name in ("需求（人）", "已满足", "缺口", "富余")}
    need, met, gap, surplus = place.values()
    assert check_rows((row[need], row[met], row[gap]) for row in rows) == exact["need"].notna().sum()
    items = [k for k, name in enumerate(head) if name.startswith("需求：")]
    for row in rows:
        if row[need] != "":
            assert sum(float(row[k] or 0) for k in items) == pytest.approx(float(row[need]), abs=1e-6)
    if level != "estate":
        missing, spare = (figure(number) for number in re.findall(r"共缺 ([\d,.]+) 人，富余 ([\d,.]+) 人", said)[0])
        check_sum([row[gap] for row in rows], missing)
        check_sum([row[surplus] for row in rows], spare)
