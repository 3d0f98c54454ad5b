"""Which rows of a file lie inside the area of whoever imports it."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.schema import Layer
from services.imports import StoredData, importable_layers
from services.imports.check.homes import EDGE_M, NOBODYS, rows_inside
from services.rules.areas import EVERYWHERE, Area, make_scope
from tests.services.imports.town import SALT, SOUTH, WEST, zones

METRE = 1 / 111_320 / np.cos(np.radians(SOUTH))
"""Of longitude, in degrees, where the town lies."""
C1 = Area(Layer.COMMUNITIES, "C1")
PARENTS = {
    Layer.SUBDISTRICTS: {"S": "D"},
    Layer.COMMUNITIES: {"C1": "S", "C2": "S"},
    Layer.GRIDS: {"G1": "C1", "G2": "C1", "G3": "C2"},
    Layer.ESTATES: {"E1": "G1", "E3": "G3"},
    Layer.TEAMS: {"T1": "G1", "T3": "G3"},
}


def town(area=C1):
    """Return what the store holds: C1 is the first square, C2 the second; M1 lives in C1 and M3 in C2."""
    members = pd.DataFrame({"community_code": ["C1", "C2"]}, index=pd.Index(["M1", "M3"], name="code"))
    layers = {
        layer: pd.DataFrame({"parent_code": pd.Series(above)}).rename_axis("code") for layer, above in PARENTS.items()
    }
    layers |= {Layer.COMMUNITIES: zones(["北", "南"], codes=["C1", "C2"], parents=["S", "S"]), Layer.MEMBERS: members}
    scope = make_scope(area, {layer: frame["parent_code"] for layer, frame in layers.items() if "parent_code" in frame})
    return StoredData(layers, salt=SALT, scope=scope)


def is_inside(layer, code=None, home=None, shape=None, area=C1):
    (answer,) = rows_inside(layer, [code], [home], np.array([shape], dtype=object), town(area))
    return bool(answer)


def west_of_c1(metres):
    return shapely.Point(WEST - metres * METRE, SOUTH + 0.005)


@pytest.mark.parametrize(
    ("layer", "code", "home", "expected"),
    [
        pytest.param(Layer.GRIDS, "G9", "C1", True, id="new, names the own community"),
        pytest.param(Layer.GRIDS, "G9", "C2", False, id="new, names another community"),
        pytest.param(Layer.GRIDS, "G9", None, False, id="new, names none"),
        pytest.param(Layer.GRIDS, "G1", None, True, id="stored inside, names none"),
        pytest.param(Layer.GRIDS, "G3", None, False, id="stored elsewhere, names none"),
        pytest.param(Layer.GRIDS, "G3", "C1", False, id="taken over from elsewhere"),
        pytest.param(Layer.GRIDS, "G1", "C2", False, id="given away"),
        pytest.param(Layer.ESTATES, "E9", "G2", True, id="an estate of an own grid"),
        pytest.param(Layer.ESTATES, "E9", "G3", False, id="an estate of another grid"),
        pytest.param(Layer.TEAMS, "T9", "G2", True, id="a team of an own grid"),
        pytest.param(Layer.TEAMS, "T3", "G1", False, id="a team from elsewhere"),
        pytest.param(Layer.MEMBERS, "M9", "C1", True, id="a member of the own community"),
        pytest.param(Layer.MEMBERS, "M3", "C1", False, id="a member from elsewhere"),
        pytest.param(Layer.MEMBERS, "M1", None, True, id="a stored member, names none"),
        pytest.param(Layer.COMMUNITIES, "C1", "S", False, id="the own zone itself"),
        pytest.param(Layer.COMMUNITIES, "C1", None, False, id="the own zone itself, names none"),
    ],
)
def test_code_and_named_zone_both_lie_inside(layer, code, home, expected):
    assert is_inside(layer, code, home) is expected


@pytest.mark.parametrize(("metres", "expected"), [(-50, True), (EDGE_M - 10, True), (EDGE_M + 10, False)])
def test_a_place_lies_at_most_five_hundred_metres_beyond_the_outline(metres, expected):
    assert is_inside(Layer.ESTATES, "E9", "G1", west_of_c1(metres)) is expected


def test_a_row_that_is_drawn_counts_by_a_point_on_its_surface():
    inside = shapely.box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01)
    far = shapely.box(WEST + 0.03, SOUTH, WEST + 1, SOUTH + 1)
    assert is_inside(Layer.GRIDS, "G9", "C1", inside)
    assert not is_inside(Layer.GRIDS, "G9", "C1", far)


@pytest.mark.parametrize("layer", sorted(NOBODYS))
def test_what_belongs_to_no_part_is_imported_by_whoever_has_everything(layer):
    assert not is_inside(layer, "X", "S")
    assert is_inside(layer, "X", "S", area=EVERYWHERE)


def test_a_unit_imports_nothing():
    unit = Area(Layer.UNITS, "U1")
    assert not is_inside(Layer.MEMBERS, "M1", "C1", area=unit)
    assert importable_layers(unit) == ()


@pytest.mark.parametrize("area", [C1, Area(Layer.SUBDISTRICTS, "S"), Area(Layer.DISTRICTS, "D")])
def test_no_row_of_a_layer_that_is_not_offered_lies_inside(area):
    for layer in set(Layer) - set(importable_layers(area)):
        homes = [None, *PARENTS.get(layer, {}).values()]
        assert not any(is_inside(layer, code, home, area=area) for code in ("X", area.code) for home in homes)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["G1", "G3", "G9"]), st.sampled_from(["C1", "C2", None])), max_size=6))
def test_each_row_is_judged_by_itself(given_rows):
    codes, homes = [code for code, _home in given_rows], [home for _code, home in given_rows]
    together = rows_inside(Layer.GRIDS, codes, homes, np.full(len(codes), None, dtype=object), town())
    assert together.tolist() == [is_inside(Layer.GRIDS, code, home) for code, home in given_rows]
