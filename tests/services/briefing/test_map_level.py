"""At which level a map shows an area: no more zones than can be told apart, and none of the need left out."""

import pandas as pd
import pytest

from geo.schema import ZONE_LAYERS, Layer
from services.briefing.mapping import MOST_GRIDS, MOST_WIDE, map_level


def tables(**needs):
    """Return tables with the need of each zone of some levels."""
    return {layer: pd.DataFrame({"need": needs.get(layer.value, [])}, dtype=float) for layer in ZONE_LAYERS}


def zones(count, total):
    return [total / count] * count


@pytest.mark.parametrize(
    ("grids", "communities", "subdistricts", "level"),
    [
        (MOST_GRIDS, 190, 10, Layer.GRIDS),
        (MOST_GRIDS + 1, MOST_WIDE, 10, Layer.COMMUNITIES),
        (20_000, 1_897, 108, Layer.SUBDISTRICTS),
        (20_000, 1_897, 0, Layer.GRIDS),
    ],
)
def test_the_narrowest_level_that_can_be_told_apart_is_shown(grids, communities, subdistricts, level):
    wide = {"communities": communities, "subdistricts": subdistricts}
    needs = {name: zones(count, 100.0) for name, count in wide.items() if count}
    assert map_level(tables(grids=zones(grids, 100.0), **needs)) is level


def test_a_level_that_does_not_hold_all_the_need_is_passed_over():
    needs = {"communities": zones(300, 60.0), "subdistricts": zones(20, 100.0)}
    assert map_level(tables(grids=zones(5_000, 100.0), **needs)) is Layer.SUBDISTRICTS
