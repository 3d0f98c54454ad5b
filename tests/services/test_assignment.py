"""Members come to their grid by point, by address or by hand, and nobody is lost."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.schema import Layer, Method
from services.assignment import Summary, assign_members, assignments_of, read_summary, summarise
from services.catalog.actions import Action
from services.context import Context
from services.manual_assignment import UnknownPlaceError, assign_manually, read_doubts
from services.rules.address import AddressBook, EstateName, Gazetteer
from services.rules.areas import Area
from services.store import Store
from tests.acting import act

SIDE = 0.01


def square(column):
    return shapely.MultiPolygon([shapely.box(113.2 + column * SIDE, 23.4, 113.2 + (column + 1) * SIDE, 23.4 + SIDE)])


def layer(index, shapes, **columns):
    frame = pd.DataFrame(columns, index=pd.Index(index, name="code"))
    return gpd.GeoDataFrame(frame.assign(geom=list(shapes)), geometry="geom", crs=4326)


GRIDS = layer(["G1", "G2"], [square(0), square(1)], name=["一", "二"], parent_code=["C1", "C1"])
ESTATES = layer(
    ["E1", "E2", "E3"],
    [shapely.box(113.201, 23.401, 113.204, 23.404), shapely.Point(113.215, 23.405), None],
    name=["云港花园", "雅瑶新村", "一品天下"],
    parent_code=["G1", "G2", "G9"],
    address=["", "", ""],
)
BOOK = AddressBook(
    Gazetteer(
        [EstateName(c, n, "", "C1") for c, n in zip(ESTATES.index, ESTATES["name"], strict=True)], {"C1": "雅瑶社区"}
    )
)
NOTHING_BEFORE = pd.DataFrame(columns=["grid_code", "estate_code", "method", "distance_m", "confidence", "ambiguous"])


def members(*people):
    """Return members of (point or None, address or None)."""
    shapes, addresses = zip(*people, strict=True) if people else ((), ())
    codes = [f"M{i}" for i in range(len(people))]
    return layer(codes, shapes, name="某", community_code="C1", address=pd.Series(addresses, index=codes, dtype="str"))


def assigned(*people, before=NOTHING_BEFORE):
    return assignments_of(members(*people), grids=GRIDS, estates=ESTATES, book=BOOK, before=before)


@pytest.mark.parametrize(
    ("person", "grid", "estate", "method"),
    [
        ((shapely.Point(113.202, 23.402), None), "G1", "E1", Method.INSIDE),
        ((shapely.Point(113.2151, 23.405), None), "G2", "E2", Method.INSIDE),
        ((shapely.Point(113.208, 23.408), None), "G1", None, Method.INSIDE),
        ((shapely.Point(113.199, 23.405), None), "G1", None, Method.NEAREST),
        ((shapely.Point(113.3, 23.3), "云港花园3栋"), None, None, Method.UNLOCATED),
        ((None, "云港花园3栋502"), "G1", "E1", Method.ADDRESS),
        ((shapely.Point(), "云港花园3栋502"), "G1", "E1", Method.ADDRESS),
        ((None, "不知何处"), None, None, Method.UNLOCATED),
        ((None, None), None, None, Method.UNLOCATED),
        ((None, "一品天下2栋"), None, None, Method.UNLOCATED),  # its estate is in a grid that is not stored
    ],
)
def test_a_member_comes_to_a_grid_and_estate(person, grid, estate, method):
    row = assigned(person).iloc[0]
    assert [None if pd.isna(v) else v for v in row[["grid_code", "estate_code", "method"]]] == [grid, estate, method]


def test_confidence_of_an_address_is_its_score():
    assert assigned((None, "港云花园三号楼"))["confidence"].tolist() == [0.9]


def test_what_was_settled_by_hand_stays():
    by_hand = assigned((shapely.Point(113.202, 23.402), None)).assign(grid_code="G2", method="manual", estate_code=None)
    again = assigned((shapely.Point(113.202, 23.402), None), before=by_hand)
    assert again[["grid_code", "method"]].to_numpy().tolist() == [["G2", "manual"]]


def test_a_hand_correction_to_a_grid_that_is_gone_is_made_anew():
    by_hand = assigned((shapely.Point(113.202, 23.402), None)).assign(grid_code="GONE", method="manual")
    assert assigned((shapely.Point(113.202, 23.402), None), before=by_hand)["grid_code"].tolist() == ["G1"]


def test_without_grids_everybody_is_unlocated():
    result = assignments_of(
        members((shapely.Point(113.202, 23.402), None), (None, "云港花园3栋")),
        grids=GRIDS.iloc[:0], estates=ESTATES.iloc[:0], book=AddressBook(Gazetteer([], {})), before=NOTHING_BEFORE,
    )  # fmt: skip
    assert result["method"].tolist() == ["unlocated", "unlocated"]


people = st.tuples(
    st.none() | st.builds(shapely.Point, st.floats(113.19, 113.23), st.floats(23.39, 23.42)),
    st.none() | st.sampled_from(["云港花园3栋", "雅瑶新村", "某处", ""]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(people, max_size=20))
def test_nobody_is_dropped(persons):
    result = assigned(*persons)
    summary = summarise(result)
    assert result.index.tolist() == [f"M{i}" for i in range(len(persons))]
    assert summary.located + summary.unlocated == summary.members == len(persons)
    assert (result["grid_code"].isna() == (result["method"] == "unlocated")).all()


@pytest.fixture
def office(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/store.gpkg")
    context = Context(store)
    with act(context, Action.IMPORT) as work:
        work.tx.upsert(Layer.GRIDS, GRIDS)
        work.tx.upsert(Layer.ESTATES, ESTATES)
        work.tx.upsert(Layer.COMMUNITIES, layer(["C1"], [square(0)], name=["雅瑶社区"]))
        work.tx.upsert(Layer.MEMBERS, members((shapely.Point(113.202, 23.402), None), (None, "云港小区"), (None, None)))
    yield context
    store.close()


def test_the_store_keeps_the_answer_and_the_summary_counts_it(office):
    summary = assign_members(office)
    assert (summary.located, summary.unlocated) == (1, 2)
    assert read_summary(office) == summary


def test_members_that_came_after_the_assignment_count_as_unlocated(office):
    assert read_summary(office) == Summary(3, dict.fromkeys(Method, 0) | {Method.UNLOCATED: 3})


def test_a_doubtful_address_is_offered_with_candidates(office):
    assign_members(office)
    doubts = read_doubts(office)
    assert [(d.member_code, d.candidates[0].code) for d in doubts] == [("M1", "E1")]


def test_a_settled_member_is_in_the_grid_of_the_estate_and_stays_there(office):
    assign_members(office)
    assign_manually(office, "M1", estate_code="E1")
    summary = assign_members(office)
    assert summary.by_method[Method.MANUAL] == 1
    assert read_doubts(office) == []
    with office.look(Action.VIEW_COVERAGE) as tx:
        assert tx.read_assignments().loc["M1", ["grid_code", "estate_code"]].tolist() == ["G1", "E1"]


def test_a_member_can_be_settled_before_the_first_assignment(office):
    assign_manually(office, "M2", grid_code="G2")
    assert read_summary(office).located == 1


@pytest.mark.parametrize(
    ("member", "place"),
    [
        ("M1", {"estate_code": "E9"}),
        ("M1", {"grid_code": "G9"}),
        ("M9", {"grid_code": "G1"}),
        ("M1", {"estate_code": "E3"}),
    ],
)
def test_settling_into_nowhere_is_refused_and_changes_nothing(office, member, place):
    assign_members(office)
    with pytest.raises(UnknownPlaceError):
        assign_manually(office, member, **place)
    assert read_summary(office).located == 1


@pytest.fixture
def two_communities(tmp_path):
    """Return a context on a store with a grid and a member in each of C1 and C2; nobody is assigned."""
    office = Context(Store.open(f"sqlite:///{tmp_path / 'two.gpkg'}"))
    people = members((shapely.Point(113.205, 23.405), None), (shapely.Point(113.215, 23.405), None))
    with act(office, Action.IMPORT) as work:
        communities = layer(["C1", "C2"], [square(0), square(1)], name=["北", "南"], parent_code=["S", "S"])
        work.tx.upsert(Layer.COMMUNITIES, communities)
        work.tx.upsert(Layer.GRIDS, GRIDS.assign(parent_code=["C1", "C2"]))
        work.tx.upsert(Layer.MEMBERS, people.assign(community_code=["C1", "C2"]))
    yield office
    office._store.close()


def places(office):
    with office._store.read() as tx:
        return tx.read_assignments()["grid_code"].to_dict()


def test_whoever_has_a_community_assigns_its_members_alone(two_communities):
    summary = assign_members(two_communities.within(Area(Layer.COMMUNITIES, "C1")))
    assert summary.members == 1
    assert places(two_communities) == {"M0": "G1"}


def test_whoever_has_no_members_assigns_nobody(two_communities):
    assert assign_members(two_communities.within(Area(Layer.COMMUNITIES, "C9"))).members == 0
    assert places(two_communities) == {}


def test_members_of_other_communities_stay_where_they_were(two_communities):
    assign_members(two_communities)
    with act(two_communities, Action.IMPORT) as work:
        work.tx.upsert(Layer.GRIDS, GRIDS.iloc[[0]].assign(parent_code="C1", geom=[square(5)]))
        moved = GRIDS.iloc[[1]].assign(parent_code="C2", geom=[square(6)])
        work.tx.upsert(Layer.GRIDS, moved)
    assign_members(two_communities.within(Area(Layer.COMMUNITIES, "C1")))
    found = places(two_communities)
    assert found["M1"] == "G2"
    assert pd.isna(found["M0"])
