"""The classes of every map: told apart in every kind of sight, and right at their limits."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from geo.schema import ZONE_LAYERS, Layer
from services.i18n import translate, use_language
from services.rules.class_colours import (
    BALANCE_COLOURS,
    COLD_COLOURS,
    HATCHES,
    NO_DATA,
    NO_NEED,
    NO_NEED_COLOUR,
    RATIO_COLOURS,
    SHARE_COLOURS,
    VIRIDIS,
    WEAK_COLOURS,
)
from services.rules.classes import MapLayer, classify, make_scale, make_scales

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# IEC 61966-2-1 to XYZ with white D65.
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
LEAST_DIFFERENCE = 18


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


def lab(colour: str, sight: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1)
    xyz = TO_XYZ @ seen / TO_XYZ.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def zones(**columns) -> pd.DataFrame:
    """Return a coverage table; what is met, and whether a zone is weak, follows from need, gap and ratio."""
    n = len(next(iter(columns.values())))
    names = ("ratio", "gap", "surplus", "need", "density_per_1000", "reach", "cold_z")
    table = pd.DataFrame({name: [np.nan] * n for name in names} | {"cold": [""] * n} | columns)
    is_weak = (table["gap"] >= 0.1) | (table["ratio"] < 1)
    table = table.assign(met=table["need"] - table["gap"], share_met=1 - table["gap"] / table["need"])
    return table if "status" in table else table.assign(status=np.where(is_weak, "weak", "enough"))


def test_the_measure_knows_a_published_colour():
    """sRGB red is L* 53.24, a* 80.09, b* 67.20 under D65."""
    assert lab("#ff0000", "normal") == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


RAMPS = {"ratio": RATIO_COLOURS, "share met": SHARE_COLOURS, "gap": BALANCE_COLOURS}
ENOUGH = {"ratio": 4, "share met": 5, "gap": 3}
"""The class in which nobody is missing and the fewest are to spare."""


def lightness(colour: str) -> float:
    """Return L* of a colour printed in grey."""
    return float(lab(colour, "normal")[0])


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [*RAMPS.values(), VIRIDIS, COLD_COLOURS], ids=[*RAMPS, "density", "cold"])
def test_classes_stay_apart_in_every_sight(colours, sight):
    differences = {
        (a, b): float(np.linalg.norm(lab(a, sight) - lab(b, sight)))
        for a, b in combinations([*colours, NO_NEED_COLOUR], 2)
    }
    assert {pair: d for pair, d in differences.items() if d < LEAST_DIFFERENCE} == {}


@pytest.mark.parametrize("name", RAMPS)
def test_in_grey_the_worst_is_darkest_and_every_class_lighter_up_to_enough(name):
    """Steps of at least 14 of 100 are told apart on paper from a copier."""
    short = [lightness(colour) for colour in RAMPS[name][: ENOUGH[name] + 1]]
    assert min(np.diff(short)) >= 14
    assert short[0] < 15
    assert short[-1] > 95


@pytest.mark.parametrize("name", RAMPS)
def test_in_grey_to_spare_is_never_as_dark_as_a_class_that_is_short(name):
    """Before, the ends of the ramp were one grey (23 and 27)."""
    darkest_spare = min(lightness(colour) for colour in RAMPS[name][ENOUGH[name] :])
    assert darkest_spare > max(lightness(colour) for colour in RAMPS[name][: ENOUGH[name]]) + 10


def test_bars_of_weak_grids_are_darker_the_more_there_are():
    assert np.diff([lightness(colour) for colour in WEAK_COLOURS]).max() < -14


def test_no_need_and_no_data_are_hatched_differently():
    """In grey no need lies between two classes and no data beside the lightest."""
    assert HATCHES[NO_NEED].rises != HATCHES[NO_DATA].rises
    assert HATCHES[NO_NEED].colour != HATCHES[NO_DATA].colour


@pytest.mark.parametrize(
    ("ratio", "digit"),
    [(0, "0"), (0.2499, "0"), (0.25, "1"), (0.5, "2"), (0.75, "3"), (0.9999, "3"), (1, "4"), (1.5, "5"), (40, "5")],
)
def test_a_ratio_on_a_limit_belongs_to_the_class_above(ratio, digit):
    table = zones(ratio=[ratio])
    assert classify(make_scale(MapLayer.RATIO, table, Layer.GRIDS), table).digits == digit


@pytest.mark.parametrize(
    ("met", "digit", "figure"),
    [
        *((0, "0", 0), (49.99, "0", 50), (50, "1", 50), (79.99, "3", 80), (80, "4", 80)),
        *((99.8, "4", 99), (99.99, "5", 100), (100, "5", 100)),
    ],
)
def test_a_wider_zone_shows_the_share_of_its_need_that_is_met(met, digit, figure):
    """Supply is 3 times the need but in the wrong grids: not 300 %, and never 100 % while somebody is missing."""
    table = zones(need=[100.0], gap=[100.0 - met], surplus=[200.0], ratio=[3.0])
    shown = classify(make_scale(MapLayer.RATIO, table, Layer.SUBDISTRICTS), table)
    assert (shown.digits, shown.figures) == (digit, (figure,))


def test_in_a_wider_zone_somebody_to_spare_hides_nobody_missing():
    table = zones(need=[100.0, 100, 100], gap=[30.0, 0, 2], surplus=[500.0, 20, 0])
    scale = make_scale(MapLayer.GAP, table, Layer.COMMUNITIES)
    assert [translate(label) for label in scale.labels] == [
        "缺 50 人及以上",
        "缺 30～50 人",
        "缺 20～30 人",
        "缺 10～20 人",
        "缺不到 10 人",
        "不缺人",
    ]
    assert classify(scale, table).digits == "254"
    assert classify(scale, table).figures == (-30.0, 20.0, -2.0)


@pytest.mark.parametrize("need", [0.4, 2.0, 6, 11, 140, 52_000])
def test_small_and_large_zones_have_gaps_of_different_size(need):
    scale = make_scale(MapLayer.GAP, zones(need=[need]), Layer.DISTRICTS)
    assert sorted(set(scale.limits)) == list(scale.limits)
    assert len(scale.colours) == len(set(scale.colours)) == len(scale.limits) + 1
    assert (scale.colours[0], scale.colours[-1]) == (SHARE_COLOURS[0], SHARE_COLOURS[-1])


def test_every_level_has_its_scale_the_grids_giving_the_limits_of_persons_per_grid():
    tables = {
        Layer.COMMUNITIES: zones(need=[90.0], density_per_1000=[4.0]),
        Layer.GRIDS: zones(need=[10.0, 10, 10], density_per_1000=[1.0, 5, 9]),
        Layer.ESTATES: zones(need=[1.0], density_per_1000=[2.0]),
    }
    gaps, densities = make_scales(MapLayer.GAP, tables), make_scales(MapLayer.DENSITY, tables)
    assert gaps[Layer.GRIDS].limits == gaps[Layer.ESTATES].limits == (-10, -3, 0, 3, 10)
    assert gaps[Layer.COMMUNITIES].limits == (-30, -20, -10, -5, 0)
    assert len({scale.limits for scale in densities.values()}) == 1


def test_zero_divides_missing_from_spare():
    table = zones(need=[9.0, 9, 9], gap=[0.1, 0, 0], surplus=[0, 0, 0.1])
    scale = make_scale(MapLayer.GAP, table, Layer.GRIDS)
    assert 0.0 in scale.limits
    assert classify(scale, table).digits == "233"


def test_no_need_and_no_data_are_never_a_class():
    table = zones(ratio=[np.nan, np.nan], status=["no_need", "no_data"])
    assert classify(make_scale(MapLayer.RATIO, table, Layer.GRIDS), table).digits == NO_NEED + NO_DATA


def test_density_is_told_where_nobody_is_needed():
    table = zones(density_per_1000=[1.0, 2, 3, 4, 5, 6], status=["no_need"] * 6)
    assert NO_NEED not in classify(make_scale(MapLayer.DENSITY, table, Layer.GRIDS), table).digits


def test_who_could_be_called_is_told_where_nobody_is_needed_and_wider_zones_have_classes_of_their_own():
    grids = zones(callable=[1.0, 2, 3, 4, 5, 60], status=["no_need"] * 5 + ["no_data"])
    tables = {Layer.COMMUNITIES: zones(callable=[10.0, 20, 30, 40, 50]), Layer.GRIDS: grids}
    scales = make_scales(MapLayer.CALLABLE, tables)
    shown = classify(scales[Layer.GRIDS], grids)
    assert NO_NEED not in shown.digits
    assert shown.digits[-1] == NO_DATA
    assert shown.figures[:2] == (1.0, 2.0)
    assert min(scales[Layer.COMMUNITIES].limits) > max(scales[Layer.GRIDS].limits[:1])


def test_density_classes_hold_about_the_same_number_of_zones():
    table = zones(density_per_1000=np.random.default_rng(1).gamma(2, 15, 1000))
    digits = classify(make_scale(MapLayer.DENSITY, table, Layer.GRIDS), table).digits
    assert [180 < digits.count(str(k)) < 220 for k in range(5)] == [True] * 5


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [3.0, 3.0], [np.nan]])
def test_few_different_values_make_few_classes(values):
    table = zones(reach=values, status=["enough"] * len(values)) if values else zones(reach=[1.0]).head(0)
    scale = make_scale(MapLayer.REACH, table, Layer.GRIDS)
    assert len(scale.colours) == len(scale.limits) + 1 == len(scale.labels)


def test_cold_neutral_and_hot_are_three_classes():
    table = zones(cold=["cold", "", "hot", ""], cold_z=[-3.0, 0, 3, np.nan])
    assert classify(make_scale(MapLayer.COLD, table, Layer.GRIDS), table).digits == "012" + NO_DATA


@pytest.mark.parametrize("level", ZONE_LAYERS)
@pytest.mark.parametrize("layer", MapLayer)
def test_every_class_has_a_label_in_chinese(layer, level):
    counted = [1.0, 2, 3, 4, 5, 6]
    table = zones(need=[3.0, 5, 8, 9, 13, 21], density_per_1000=counted, reach=counted, callable=counted)
    scale = make_scale(layer, table, level)
    assert len(scale.labels) == len(scale.colours) == len(scale.limits) + 1
    assert not any("missing" in translate(label) or "under" in translate(label) for label in scale.labels)
