"""The classes of every map: told apart in every kind of sight, and right at their limits."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from services.i18n import translate, use_language
from services.rules.classes import (
    COLD_COLOURS,
    NO_DATA,
    NO_NEED,
    NO_NEED_COLOUR,
    RATIO_COLOURS,
    VIRIDIS,
    MapLayer,
    classify,
    make_scale,
)

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
    n = len(next(iter(columns.values())))
    empty = {name: [np.nan] * n for name in ("ratio", "gap", "surplus", "need", "density_per_1000", "reach", "cold_z")}
    return pd.DataFrame(empty | {"cold": [""] * n, "status": ["enough"] * n} | columns)


def test_the_measure_knows_a_published_colour():
    """sRGB red is L* 53.24, a* 80.09, b* 67.20 under D65."""
    assert lab("#ff0000", "normal") == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [RATIO_COLOURS, VIRIDIS, COLD_COLOURS], ids=["ratio and gap", "density", "cold"])
def test_classes_stay_apart_in_every_sight(colours, sight):
    differences = {
        (a, b): float(np.linalg.norm(lab(a, sight) - lab(b, sight)))
        for a, b in combinations([*colours, NO_NEED_COLOUR], 2)
    }
    assert {pair: d for pair, d in differences.items() if d < LEAST_DIFFERENCE} == {}


@pytest.mark.parametrize(
    ("ratio", "digit"),
    [(0, "0"), (0.2499, "0"), (0.25, "1"), (0.5, "2"), (0.75, "3"), (0.9999, "3"), (1, "4"), (1.5, "5"), (40, "5")],
)
def test_a_ratio_on_a_limit_belongs_to_the_class_above(ratio, digit):
    table = zones(ratio=[ratio])
    assert classify(make_scale(MapLayer.RATIO, table), table).digits == digit


def test_zero_divides_missing_from_spare():
    table = zones(need=[9.0, 9, 9], gap=[0.1, 0, 0], surplus=[0, 0, 0.1])
    scale = make_scale(MapLayer.GAP, table)
    assert 0.0 in scale.limits
    assert classify(scale, table).digits == "233"


def test_no_need_and_no_data_are_never_a_class():
    table = zones(ratio=[np.nan, np.nan], status=["no_need", "no_data"])
    assert classify(make_scale(MapLayer.RATIO, table), table).digits == NO_NEED + NO_DATA


def test_density_is_told_where_nobody_is_needed():
    table = zones(density_per_1000=[1.0, 2, 3, 4, 5, 6], status=["no_need"] * 6)
    assert NO_NEED not in classify(make_scale(MapLayer.DENSITY, table), table).digits


def test_density_classes_hold_about_the_same_number_of_zones():
    table = zones(density_per_1000=np.random.default_rng(1).gamma(2, 15, 1000))
    digits = classify(make_scale(MapLayer.DENSITY, table), table).digits
    assert [180 < digits.count(str(k)) < 220 for k in range(5)] == [True] * 5


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [3.0, 3.0], [np.nan]])
def test_few_different_values_make_few_classes(values):
    table = zones(reach=values, status=["enough"] * len(values)) if values else zones(reach=[1.0]).head(0)
    scale = make_scale(MapLayer.REACH, table)
    assert len(scale.colours) == len(scale.limits) + 1 == len(scale.labels)


def test_cold_neutral_and_hot_are_three_classes():
    table = zones(cold=["cold", "", "hot", ""], cold_z=[-3.0, 0, 3, np.nan])
    assert classify(make_scale(MapLayer.COLD, table), table).digits == "012" + NO_DATA


@pytest.mark.parametrize("layer", MapLayer)
def test_every_class_has_a_label_in_chinese(layer):
    table = zones(need=[3.0, 5, 8, 9, 13, 21], density_per_1000=[1.0, 2, 3, 4, 5, 6], reach=[1.0, 2, 3, 4, 5, 6])
    scale = make_scale(layer, table)
    assert len(scale.labels) == len(scale.colours) == len(scale.limits) + 1
    assert not any("missing" in translate(label) or "under" in translate(label) for label in scale.labels)
