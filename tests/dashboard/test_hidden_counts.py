"""Nobody works out a count of one or two that is hidden: from no table, file, map, briefing or plan, nor from all."""

import io

import numpy as np
import pandas as pd
import pytest

from geo.schema import PARENT_LAYER, Layer
from services.catalog.actions import Role
from services.context import Context
from services.coverage import load_norms
from services.export.situation import CoverageFile, export_coverage, look_at
from services.i18n import use_language
from services.rules.areas import Area
from services.rules.norms import default_availability, working_calendar
from services.rules.roles import Actor
from services.rules.rounding import sum_balance
from services.rules.windows import Mode, share_by_day_part
from services.store import Store
from tests.conftest import StoreKind
from tests.dashboard import hidden_world as world

VIEWERS = ("district", "commander", "neighbour", "screen")
LEVELS = (Layer.ESTATES, Layer.GRIDS)
on_a_file = pytest.mark.parametrize("twins", [StoreKind.FILE], indirect=True, ids=str)
"""For what is drawn from tables alone, which are the same on both stores."""


@pytest.fixture(scope="module", params=StoreKind, ids=str)
def twins(request, tmp_path_factory):
    """Return the two towns, which differ in every hidden count and in nothing else."""
    use_language("zh")
    offices = []
    towns = (world.PEOPLE, world.NOWHERE), (world.swapped(world.PEOPLE), world.swapped(world.NOWHERE))
    for number, town in enumerate(towns):
        if request.param is StoreKind.FILE:
            url = f"sqlite:///{tmp_path_factory.mktemp('twins') / f'{number}.gpkg'}"
        else:
            cluster = request.getfixturevalue("cluster")
            url = cluster.url(cluster.new_database())
        office = Context(Store.open(url), clock=lambda: world.NOW)
        world.fill(office, *town)
        offices.append(office)
    yield tuple(offices)
    for office in offices:
        office._store.close()


def differing(twins, viewer, outputs):
    """Return the names of the outputs that tell the two towns apart."""
    one, other = (dict(outputs(world.viewers(office)[viewer])) for office in twins)
    assert one.keys() == other.keys()
    assert one
    return [name for name in one if one[name] != other[name]]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_pages_and_maps_are_the_same_whatever_is_hidden(twins, viewer):
    assert differing(twins, viewer, world.pages) == []


@on_a_file
@pytest.mark.parametrize("viewer", ["commander", "neighbour", "screen"])
def test_briefings_are_the_same_whatever_is_hidden(twins, viewer):
    assert differing(twins, viewer, world.briefings) == []


@pytest.mark.parametrize("viewer", ["district", "commander", "neighbour"])
def test_plans_are_the_same_whatever_is_hidden(twins, viewer):
    assert differing(twins, viewer, world.plans) == []


@pytest.mark.parametrize("viewer", ["district", "commander", "neighbour"])
def test_orders_and_their_papers_are_the_same_whatever_is_hidden(twins, viewer):
    assert differing(twins, viewer, world.orders) == []


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_situation_as_people_arrived_is_the_same_whatever_is_hidden(twins, viewer):
    assert differing(twins, viewer, world.presences) == []


@on_a_file
@pytest.mark.parametrize("kind", [kind for kind in CoverageFile if kind is not CoverageFile.PNG])
def test_files_are_the_same_whatever_is_hidden(twins, kind):
    assert differing(twins, "commander", lambda context: world.exports(context, kind)) == []


@on_a_file
def test_the_command_line_writes_what_may_be_handed_on(twins):
    written = [read(Context(office._store, clock=office.clock), Layer.GRIDS) for office in twins]
    pd.testing.assert_frame_equal(*written)
    assert written[0].loc["G3", ["members", "density_per_1000", "density_per_km2"]].isna().all()


def test_who_looks_after_one_community_learns_nothing_of_the_others(twins):
    secretaries = [
        Context(office._store, Actor("lan", Role.SECRETARY, Area(Layer.COMMUNITIES, "C1")), office.clock)
        for office in twins
    ]
    shown = ["reach", "supply", "ratio", "gap", "surplus"]  # made with the people of the grids around
    for window, mode in zip(world.WINDOWS, Mode, strict=True):
        one, other = (look_at(secretary, window, mode).tables[Layer.GRIDS][shown] for secretary in secretaries)
        pd.testing.assert_frame_equal(one, other)


def test_those_who_look_after_people_are_told_how_many_there_are(twins):
    planner = Context(twins[0]._store, Actor("wen", Role.PLANNER), twins[0].clock)
    for level in LEVELS:
        table = read(planner, level)
        told = {code: table.loc[code, "members"] for code in world.hidden_zones(level)}
        assert told == world.hidden_zones(level)


def read(context, level, situation=None):
    """Return a coverage export as somebody with a spreadsheet has it."""
    situation = situation or look_at(context, world.WINDOWS[1], Mode.EMERGENCY)
    body = export_coverage(context, situation, CoverageFile.CSV, level)
    return pd.read_csv(io.BytesIO(body), dtype={"code": str, "parent_code": str}).set_index("code")


def guesses(context, level):
    """Return what each way of working it out says of the members of each zone whose number is left out, by way."""
    norms = load_norms()
    ways = {}
    for window, mode in zip(world.WINDOWS, Mode, strict=True):
        situation = look_at(context, window, mode)
        table, above = (read(context, of, situation) for of in (level, PARENT_LAYER[level]))
        share = share_by_day_part(window, working_calendar(norms)) @ default_availability(norms)
        hidden = table[table["members"].isna()]
        ways |= {
            f"supply ÷ share {mode}": hidden["supply_members"] / share,
            f"all supply ÷ share {mode}": (hidden["supply"] - hidden["supply_in"] + hidden["supply_out"]) / share,
            f"ratio × need ÷ share {mode}": hidden["ratio"] * hidden["need"] / share,
            f"(need − gap) ÷ share {mode}": (hidden["need"] - hidden["gap"] + hidden["surplus"]) / share,
            f"density × residents {mode}": hidden["density_per_1000"] * hidden["residents"] / 1000,
            f"density × area {mode}": hidden["density_per_km2"] * hidden["area_km2"],
            f"whole − others {mode}": left_over(table, above, "members"),
            f"supply of whole − others {mode}": left_over(table, above, "supply_members") / share,
        }
    return {way: values.dropna() for way, values in ways.items()}


def left_over(table, above, column):
    """Return what the zone above has more than all other zones in it together, for each zone left out."""
    sums = table.groupby("parent_code")[column].sum()
    hidden = table[table["members"].isna()]
    return hidden["parent_code"].map(above[column]) - hidden["parent_code"].map(sums) + hidden[column].fillna(0.0)


@on_a_file
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("viewer", ["commander", "neighbour"])
def test_every_way_of_working_it_out_says_the_same_of_one_and_of_two(twins, viewer, level):
    ways = [guesses(world.viewers(office)[viewer], level) for office in twins]
    assert ways[0].keys() == ways[1].keys()
    assert any(len(values) for values in ways[0].values())
    for way, one in ways[0].items():
        np.testing.assert_array_equal(one.to_numpy(), ways[1][way][one.index].to_numpy(), err_msg=way)


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_left_out_is_what_is_small(twins, level):
    table = read(world.viewers(twins[0])["commander"], level)
    assert set(table.index[table["members"].isna()]) == set(world.hidden_zones(level)) | smaller_than_it_is(level)


def smaller_than_it_is(level):
    """Return grids of three and more whose groups count as one or two together."""
    return {"G7"} if level is Layer.GRIDS else set()


def test_totals_are_the_sums_of_what_is_told(twins):
    tables = look_at(world.viewers(twins[0])["district"], world.WINDOWS[1], Mode.LOCKDOWN).tables
    for column in ("members", "supply", "need", "met", "gap", "surplus"):
        by_grid = tables[Layer.GRIDS].groupby("parent_code")[column].sum()
        pd.testing.assert_series_equal(by_grid, tables[Layer.COMMUNITIES][column], check_names=False, check_dtype=False)
    assert sum_balance(tables[Layer.GRIDS]) == sum_balance(tables[Layer.DISTRICTS])
