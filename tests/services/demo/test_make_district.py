import numpy as np
import pandas as pd
import pytest
import shapely

from geo.schema import ZONE_LAYERS, Layer
from services.catalog.layers import LAYERS
from services.demo import COUNTS, DemoSize, make_district
from services.demo.warp import GROUND_CRS
from services.rules.people import normal_phone
from services.store import tables
from services.store.rows import INTERNAL_COLUMNS

ADDED_UP = ["residents", "households", "outsiders"]


@pytest.fixture(scope="module", params=[(DemoSize.SUBDISTRICT, 1), (DemoSize.SUBDISTRICT, 7), (DemoSize.DISTRICT, 1)])
def made(request, district):
    size, seed = request.param
    return COUNTS[size], district(size, seed)


@pytest.fixture(scope="module")
def counts(made):
    return made[0]


@pytest.fixture(scope="module")
def data(made):
    return made[1]


def test_every_layer_has_the_rows_its_size_promises(counts, data):
    exact = {
        Layer.DISTRICTS: counts.districts,
        Layer.SUBDISTRICTS: counts.subdistricts,
        Layer.GRIDS: counts.grids,
        Layer.MEMBERS: counts.members,
        Layer.UNITS: counts.units,
        Layer.TEAMS: counts.teams,
    }
    assert {layer: len(data[layer]) for layer in exact} == exact
    assert set(data) == set(Layer)
    assert len(data[Layer.COMMUNITIES]) == pytest.approx(counts.communities, rel=0.2)


@pytest.mark.parametrize("layer", Layer)
def test_columns_are_those_of_the_store(data, layer):
    apart = {field.name for field in LAYERS[layer].fields if field.is_apart}
    stored_data = ({c.name for c in tables.layers[layer].columns} | apart) - set(INTERNAL_COLUMNS)
    frame = data[layer]
    assert {*frame.columns, frame.index.name} == stored_data
    assert frame.crs == "EPSG:4326"
    assert frame.active_geometry_name == "geom"
    assert frame.index.is_unique


@pytest.mark.parametrize("layer", ZONE_LAYERS[:-1])
def test_zones_of_a_level_fit_together_without_gap_or_overlap(data, layer):
    shapes = data[layer].geom.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize(("layer", "parent"), [*zip(ZONE_LAYERS[1:-1], ZONE_LAYERS[:-2], strict=True)])
def test_zones_are_exactly_their_parents(data, layer, parent):
    united = data[layer].groupby("parent_code")["geom"].agg(lambda g: shapely.coverage_union_all(g.to_numpy()))
    whole = data[parent].geom
    assert set(united.index) == set(whole.index)
    difference = shapely.symmetric_difference(united.to_numpy(), whole.loc[united.index].to_numpy())
    assert shapely.area(difference).max() == 0


def test_coordinates_have_at_most_seven_decimals(data):
    for frame in data.values():
        xy = shapely.get_coordinates(frame.geom.dropna().to_numpy())
        assert np.array_equal(xy, np.round(xy, 7))


def test_estates_lie_inside_their_grid_and_do_not_touch(data):
    estates, grids = data[Layer.ESTATES], data[Layer.GRIDS]
    shapes = estates.geom.to_numpy()
    assert (shapely.get_type_id(shapes) == 3).all()
    assert shapely.is_valid(shapes).all()
    assert shapely.contains_properly(grids.geom.loc[estates["parent_code"]].to_numpy(), shapes).all()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (left == right).all()
    assert (estates.to_crs(GROUND_CRS).area > 100).all()


def test_people_add_up_from_estates_to_grids_to_communities(data):
    grids, communities = data[Layer.GRIDS], data[Layer.COMMUNITIES]
    from_estates = data[Layer.ESTATES].groupby("parent_code")[ADDED_UP].sum()
    pd.testing.assert_frame_equal(
        from_estates, grids.loc[from_estates.index, ADDED_UP], check_names=False, check_index_type=False
    )
    from_grids = grids.groupby("parent_code")[ADDED_UP].sum()
    pd.testing.assert_frame_equal(from_grids, communities[ADDED_UP], check_names=False, check_index_type=False)


def test_nobody_counts_more_outsiders_than_residents(data):
    for layer in (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES):
        assert (data[layer]["outsiders"] <= data[layer]["residents"]).all()
        assert (data[layer]["households"] <= data[layer]["residents"]).all()
    assert (data[Layer.ESTATES][["residents", "households", "blocks", "gates"]] > 0).all(axis=None)


def test_references_point_to_what_is_there(data):
    assert data[Layer.MEMBERS]["unit_code"].dropna().isin(data[Layer.UNITS].index).all()
    assert data[Layer.MEMBERS]["community_code"].isin(data[Layer.COMMUNITIES].index).all()
    assert data[Layer.TEAMS]["parent_code"].isin(data[Layer.GRIDS].index).all()
    paired = data[Layer.UNITS]["community_codes"].str.split(";").explode()
    assert paired.isin(data[Layer.COMMUNITIES].index).all()
    for layer, parent in zip(ZONE_LAYERS[1:], ZONE_LAYERS[:-1], strict=True):
        assert data[layer]["parent_code"].isin(data[parent].index).all()


def test_most_members_have_a_place_some_an_address_a_few_neither(data):
    members = data[Layer.MEMBERS]
    placed, addressed = members.geom.notna(), members["address"].notna()
    assert placed.mean() == pytest.approx(0.88, abs=0.02)
    assert (~placed & addressed).mean() == pytest.approx(0.113, abs=0.02)
    assert (~placed & ~addressed).mean() == pytest.approx(0.007, abs=0.004)


def test_a_few_members_are_outside_the_land_but_none_far(data):
    land = data[Layer.DISTRICTS].to_crs(GROUND_CRS).union_all()
    places = data[Layer.MEMBERS].geom.dropna().to_crs(GROUND_CRS)
    away = places.distance(land)
    assert 3 <= (away > 0).sum() <= 0.01 * len(places)
    assert away.max() <= 500


def test_telephones_are_right_in_form_different_and_of_the_unassigned_range(data):
    phones = pd.concat([data[layer]["phone"] for layer in (Layer.MEMBERS, Layer.UNITS, Layer.TEAMS)])
    assert phones.is_unique
    assert phones.str.fullmatch(r"160\d{8}").all()
    assert normal_phone(phones.iloc[0]) == phones.iloc[0]


def test_members_are_marked_as_made_up_and_no_identity_is_given(data):
    assert data[Layer.MEMBERS].index.str.startswith("D").all()
    assert data[Layer.MEMBERS]["identity_hash"].isna().all()


def test_names_differ_within_their_level(data):
    for layer in (Layer.SUBDISTRICTS, Layer.COMMUNITIES, Layer.GRIDS, Layer.UNITS, Layer.TEAMS):
        assert data[layer]["name"].is_unique
    estates = data[Layer.ESTATES]
    community = estates["parent_code"].map(data[Layer.GRIDS]["parent_code"])
    assert not pd.DataFrame({"community": community, "name": estates["name"]}).duplicated().any()


def test_grids_are_small_in_the_middle_and_wide_outside(data):
    areas = data[Layer.GRIDS].to_crs(GROUND_CRS).area
    assert areas.quantile(0.9) > 6 * areas.quantile(0.1)


def test_grids_are_no_chessboard(data):
    shapes = data[Layer.GRIDS].to_crs(GROUND_CRS).geom.to_numpy()
    boxes = shapely.oriented_envelope(shapes)
    assert np.median(shapely.get_num_coordinates(shapes)) > 20
    assert np.median(shapely.area(shapes) / shapely.area(boxes)) < 0.9


def test_grids_follow_roads_and_water(data):
    """Most of the borders between grids have a road or a water on them."""
    grids, roads, water, districts = (
        data[layer].to_crs(GROUND_CRS).geom.to_numpy()
        for layer in (Layer.GRIDS, Layer.ROADS, Layer.WATER, Layer.DISTRICTS)
    )
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(shapely.boundary(grids), 60))[::9])
    inner = points[shapely.distance(points, shapely.union_all(shapely.boundary(districts))) > 1]
    beside, _ = shapely.STRtree([*roads, *water]).query(inner, predicate="dwithin", distance=2)
    assert len(np.unique(beside)) > 0.75 * len(inner)


def test_estates_without_management_lie_together(data):
    """A neighbour of a mixed estate is mixed far more often than chance would have it."""
    estates = data[Layer.ESTATES].to_crs(GROUND_CRS)
    mixed = ~estates["managed"].to_numpy(dtype=bool)
    tree = shapely.STRtree(estates.geom.to_numpy())
    left, right = tree.query(estates.geom.to_numpy(), predicate="dwithin", distance=150)
    neighbours = left != right
    assert mixed[right[neighbours & mixed[left]]].mean() > 1.5 * mixed.mean()


def test_members_live_where_there_is_management(data):
    """Members for each thousand residents: managed estates have several times what mixed ones have."""
    estates, members = data[Layer.ESTATES], data[Layer.MEMBERS]
    home = members[members.geom.notna()].sjoin(estates[["geom"]], predicate="within")
    lived = home.iloc[:, -1].value_counts().reindex(estates.index, fill_value=0)
    by_kind = (
        pd.DataFrame({"members": lived, "residents": estates["residents"]})
        .groupby(estates["managed"].to_numpy(dtype=bool))
        .sum()
    )
    rate = by_kind["members"] / by_kind["residents"]
    assert rate[True] > 2 * rate[False]


def test_the_same_seed_gives_the_same_and_another_seed_another(district):
    first, other = district(DemoSize.SUBDISTRICT, 1), district(DemoSize.SUBDISTRICT, 7)
    again = make_district(DemoSize.SUBDISTRICT, 1)
    for layer in Layer:
        pd.testing.assert_frame_equal(pd.DataFrame(first[layer]), pd.DataFrame(again[layer]))
    assert not first[Layer.GRIDS].geom_equals(other[Layer.GRIDS], align=False).any()
