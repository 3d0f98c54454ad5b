"""The way up and the way down between the levels."""

import pandas as pd
import pytest

from dashboard.kit.zone_tree import ancestors, common_zone, count_above, inside, runs_inside
from geo.schema import Layer


@pytest.fixture
def tables():
    def table(**parent_of):
        return pd.DataFrame({"parent_code": parent_of.values()}, index=list(parent_of), dtype="string")

    return {
        Layer.DISTRICTS: table(D=None),
        Layer.SUBDISTRICTS: table(S1="D", S2="D"),
        Layer.COMMUNITIES: table(C1="S1", C2="S2"),
        Layer.GRIDS: table(G1="C1", G2="C1", G3="C2", G4="gone"),
        Layer.ESTATES: table(E1="G1", E2="G3", E3=None),
    }


def test_the_way_up_begins_at_the_widest(tables):
    assert [code for _, code in ancestors(tables, Layer.ESTATES, "E1")] == ["D", "S1", "C1", "G1", "E1"]


@pytest.mark.parametrize(
    ("level", "code", "way"), [(Layer.ESTATES, "E3", ["E3"]), (Layer.GRIDS, "G4", ["G4"]), (Layer.GRIDS, "?", [])]
)
def test_what_is_unknown_ends_the_way_up(tables, level, code, way):
    assert [found for _, found in ancestors(tables, level, code)] == way


@pytest.mark.parametrize(
    ("level", "code", "wanted", "found"),
    [
        (Layer.DISTRICTS, "D", Layer.ESTATES, ["E1", "E2"]),
        (Layer.SUBDISTRICTS, "S1", Layer.GRIDS, ["G1", "G2"]),
        (Layer.GRIDS, "G1", Layer.GRIDS, ["G1"]),
    ],
)
def test_a_zone_holds_all_below_it_and_itself(tables, level, code, wanted, found):
    assert list(inside(tables, level, code, wanted)) == found


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ((Layer.SUBDISTRICTS, "S1"), (Layer.GRIDS, "G1"), (Layer.SUBDISTRICTS, "S1")),
        ((Layer.COMMUNITIES, "C1"), (Layer.COMMUNITIES, "C1"), (Layer.COMMUNITIES, "C1")),
        ((Layer.COMMUNITIES, "?"), (Layer.GRIDS, "G1"), None),
        ((Layer.GRIDS, "G1"), (Layer.GRIDS, "G4"), None),
    ],
)
def test_what_two_zones_lie_in_is_the_narrowest(tables, one, other, common):
    assert common_zone(tables, one, other) == common


def test_estates_are_counted_in_every_zone_above_them(tables):
    counts = count_above(tables, pd.Index(["E1", "E2", "E3"]))
    assert counts[Layer.GRIDS].to_dict() == {"G1": 1, "G2": 0, "G3": 1, "G4": 0}
    assert counts[Layer.DISTRICTS].to_dict() == {"D": 2}
    assert all(list(counts[level].index) == list(tables[level].index) for level in counts)


def test_what_lies_in_a_zone_is_told_as_runs_of_rows(tables):
    runs = runs_inside(tables, Layer.SUBDISTRICTS, "S1")
    rows = {level: [at for first, count in part for at in range(first, first + count)] for level, part in runs.items()}
    named = {level: [tables[level].index[at] for at in part] for level, part in rows.items()}
    assert named[Layer.GRIDS] == ["G1", "G2"]
    assert named[Layer.SUBDISTRICTS] == ["S1"]
    assert named[Layer.DISTRICTS] == ["D"]
    assert len(runs[Layer.GRIDS]) == 1
