"""The classes of every map: limits and labels of each layer at each level, the same on screen, on paper and in QGIS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isnan
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage import Status
from geo.schema import WIDE_LAYERS, Layer
from services.i18n import Text, text
from services.rules.class_colours import (
    BALANCE_COLOURS,
    CHANCE_COLOURS,
    COLD_COLOURS,
    NO_DATA,
    NO_NEED,
    RATIO_COLOURS,
    SHARE_COLOURS,
    VIRIDIS,
    spread,
)
from services.rules.rounding import percents_met, round_table

RATIO_LIMITS: Final = (0.25, 0.5, 0.75, 1.0, 1.5)
SHARE_LIMITS: Final = (0.5, 0.6, 0.7, 0.8, 1.0)
"""Of the share of the need that is met, which wider zones show; the last class is all of it."""
LIKELY: Final = 0.8
"""A grid or estate is weak by chance where enough people come less often than this."""
CHANCE_LIMITS: Final = (0.2, 0.5, LIKELY, 0.95)
_GAP_SHARES: Final = (0.1, 0.2, 0.3, 0.5)
"""What counts as more and more missing persons in a wider zone, as shares of the middle need."""

NO_NEED_LABEL: Final = text("No need")
NO_DATA_LABEL: Final = text("No data")


class MapLayer(StrEnum):
    """What a map can show."""

    RATIO = "ratio"
    GAP = "gap"
    CHANCE = "chance"
    DENSITY = "density"
    REACH = "reach"
    COLD = "cold"
    CALLABLE = "callable"


_FIXED: Final = {
    MapLayer.RATIO: (RATIO_LIMITS, RATIO_COLOURS),
    MapLayer.CHANCE: (CHANCE_LIMITS, CHANCE_COLOURS),
}

TITLES: Final = {
    MapLayer.RATIO: text("Coverage"),
    MapLayer.GAP: text("Gap and surplus"),
    MapLayer.CHANCE: text("By chance"),
    MapLayer.DENSITY: text("Density"),
    MapLayer.REACH: text("Reachability"),
    MapLayer.COLD: text("Cold spots"),
    MapLayer.CALLABLE: text("Callable"),
}

SHARE_TITLE: Final = text("Need met")
"""Of ``MapLayer.RATIO`` in wider zones."""

UNITS: Final = {
    MapLayer.RATIO: text("%"),
    MapLayer.GAP: text("persons"),
    MapLayer.CHANCE: text("chance that enough people come, weak under 80%"),
    MapLayer.DENSITY: text("members per 1,000 residents"),
    MapLayer.REACH: text("persons within reach for each person needed"),
    MapLayer.COLD: text("Getis-Ord Gi*, significant at 5 %"),
    MapLayer.CALLABLE: text("people who have time then and are on no roster"),
}
SELF_EXPLAINING: Final = frozenset({MapLayer.RATIO, MapLayer.GAP})
"""Layers whose class labels name their unit."""
IN_PERCENT: Final = frozenset({MapLayer.RATIO, MapLayer.CHANCE})
VALUE_COLUMNS: Final = {
    MapLayer.CHANCE: "chance",
    MapLayer.DENSITY: "density_per_1000",
    MapLayer.REACH: "reach",
    MapLayer.COLD: "cold_z",
    MapLayer.CALLABLE: "callable",
}
"""Of a coverage table, without which a layer has nothing to show; the need of all others."""
TOLD_WITHOUT_NEED: Final = frozenset({MapLayer.DENSITY, MapLayer.CALLABLE})
"""Layers that have a value where nobody is needed as well."""
_OWN_OF_WIDE: Final = frozenset({MapLayer.GAP, MapLayer.CALLABLE})
"""Layers of sums: wider zones have classes of their own."""
SINGLE_ZONES: Final = frozenset({MapLayer.CHANCE})
"""Layers that are of single grids and estates: of wider zones they tell nothing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The classes of one layer at one level, the lowest first."""

    layer: MapLayer
    limits: tuple[float, ...]
    """Borders between classes; a value on a border belongs to the class above."""
    colours: tuple[str, ...]
    """One more than limits."""
    labels: tuple[Text, ...]
    level: Layer = Layer.GRIDS

    @property
    def title(self) -> Text:
        """What the legend calls the layer."""
        return SHARE_TITLE if self.layer is MapLayer.RATIO and self.level in WIDE_LAYERS else TITLES[self.layer]


@dataclass(frozen=True, slots=True)
class ZoneClasses:
    """A layer of one level, ready to draw: a digit and a figure for each zone, in the order of the table."""

    scale: Scale
    digits: str
    figures: tuple[float | None, ...]


def make_scales(layer: MapLayer, tables: Mapping[Layer, pd.DataFrame]) -> dict[Layer, Scale]:
    """Return the classes of a layer for the coverage tables (docs/conventions.md) of several levels."""
    none = pd.DataFrame(columns=["need", "density_per_1000", "reach", "callable"], dtype=float)
    return {level: make_scale(layer, tables.get(reference_level(layer, level), none), level) for level in tables}


def reference_level(layer: MapLayer, level: Layer) -> Layer:
    """Return from the table of which level the classes of a layer at a level are made.

    Gap and surplus, and who could be called, of wider zones have their own, being sums; all others share those of the
    grids.
    """
    return level if layer in _OWN_OF_WIDE and level in WIDE_LAYERS else Layer.GRIDS


def make_scale(layer: MapLayer, reference: pd.DataFrame, level: Layer) -> Scale:
    """Return the classes of a layer at a level.

    Chance and coverage have fixed limits: coverage of supply ÷ need for grids and estates, of the share of the need
    that is met for wider zones. Gap and surplus take theirs from the need in ``reference``, so that they do not change
    with the plan; zero is always a limit. Density, reachability and who could be called are quantiles (mapclassify),
    rounded to two digits.

    Parameters
    ----------
    layer
        What the map shows.
    reference
        The coverage table (docs/conventions.md) of ``reference_level(layer, level)`` with as many zones as possible.
    level
        Of what zones.

    Examples
    --------
    >>> make_scale(MapLayer.RATIO, pd.DataFrame(), Layer.GRIDS).limits
    (0.25, 0.5, 0.75, 1.0, 1.5)
    >>> make_scale(MapLayer.RATIO, pd.DataFrame(), Layer.COMMUNITIES).limits[:4]
    (0.5, 0.6, 0.7, 0.8)
    """
    is_wide = level in WIDE_LAYERS
    match layer:
        case MapLayer.RATIO if is_wide:
            return Scale(layer, SHARE_LIMITS, SHARE_COLOURS, _share_labels(), level)
        case MapLayer.RATIO | MapLayer.CHANCE:
            limits, colours = _FIXED[layer]
            return Scale(layer, limits, colours, _ranges(_percent(limits), "%"), level)
        case MapLayer.GAP if is_wide:
            return _gap_scale(reference["need"], level)
        case MapLayer.GAP:
            few, many = _need_limits(reference["need"])
            return Scale(layer, (-many, -few, 0.0, few, many), BALANCE_COLOURS, _balance_labels(few, many), level)
        case MapLayer.COLD:
            labels = (text("Cold spot: few people"), text("Not significant"), text("Hot spot: many people"))
            return Scale(layer, (0.5, 1.5), COLD_COLOURS, labels, level)
        case MapLayer.DENSITY | MapLayer.REACH | MapLayer.CALLABLE:
            steps = _quantiles(map_values(layer, reference, level))
            ranges = _people_labels(steps) if layer is MapLayer.CALLABLE else _ranges(steps, "")
            return Scale(layer, tuple(steps), spread(VIRIDIS, len(steps) + 1), ranges, level)


def classify(scale: Scale, table: pd.DataFrame) -> ZoneClasses:
    """Return digits and figures of a coverage table of the scale's level; "8" is no need, "9" is no data.

    Density and who could be called are told for zones without need as well, where they are known; all other layers show
    them as "no need".
    """
    values = map_values(scale.layer, table, scale.level)
    digits = np.digitize(values, scale.limits).astype("U1")
    digits[np.isnan(values)] = NO_DATA
    is_told = ~np.isnan(values) & (scale.layer in TOLD_WITHOUT_NEED)
    digits[(table["status"] == "no_need").to_numpy() & ~is_told] = NO_NEED
    digits[(table["status"] == "no_data").to_numpy()] = NO_DATA
    return ZoneClasses(scale, "".join(digits), tuple(_figures(scale.layer, values, table)))


def map_values(layer: MapLayer, table: pd.DataFrame, level: Layer) -> NDArray[np.float64]:
    """Return what a layer shows of each zone of a level, shape (n,); NaN where there is no value.

    Coverage is supply ÷ need of grids and estates, the share of the need that is met of wider zones. Gap and surplus
    are one signed number of persons: those missing (below 0), else those to spare; in a wider zone somebody to spare
    hides nobody missing. Cold, neutral, hot are 0, 1, 2.
    """
    match layer:
        case MapLayer.RATIO if level in WIDE_LAYERS:
            return _all_met_unless_weak(table, "share_met")
        case MapLayer.RATIO:
            return _all_met_unless_weak(table, "ratio")
        case MapLayer.GAP:
            spare = _floats(table["surplus"].where(table["status"] != Status.NO_NEED))
            return np.where(_is_weak(table), -_floats(table["gap"]), spare)
        case MapLayer.CHANCE | MapLayer.DENSITY | MapLayer.REACH | MapLayer.CALLABLE:
            return _floats(table[VALUE_COLUMNS[layer]])
        case MapLayer.COLD:
            known = table["cold"].fillna("").astype(str).map({"cold": 0.0, "hot": 2.0}).fillna(1.0)
            return _floats(known.where(table["cold_z"].notna().to_numpy(), np.nan))


def _all_met_unless_weak(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return a share of the need; what is too little to be told as a gap is no shortage here either."""
    share = _floats(table[column])
    return np.where(_is_weak(table) | np.isnan(share), share, np.fmax(share, 1.0))


def _floats(column: "pd.Series[float]") -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(float, na_value=np.nan), dtype=np.float64)


def _is_weak(table: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray((table["status"] == Status.WEAK).to_numpy(dtype=bool))


def _figures(layer: MapLayer, values: NDArray[np.float64], table: pd.DataFrame) -> list[float | None]:
    """Return what the label of each zone says: per cent, persons as they are rounded, or a number."""
    if layer is MapLayer.RATIO:
        values = percents_met(values)
    elif layer is MapLayer.CHANCE:
        values = 100 * values
    elif layer is MapLayer.GAP:
        shown = round_table(table)
        values = np.where(_is_weak(table), -_floats(shown["gap"]), _floats(shown["surplus"]) + 0 * values)
    return [None if isnan(value) else value for value in (np.round(values, 1) + 0.0).tolist()]


def _quantiles(values: NDArray[np.float64]) -> list[float]:
    """Return up to four limits, rounded to two digits, none twice."""
    known = values[np.isfinite(values) & (values > 0)]
    if len(np.unique(known)) < 5:
        return sorted({_nice(v) for v in known})[1:4]
    import mapclassify  # noqa: PLC0415 - takes a second to load, which commands without such a map need not wait

    bins = mapclassify.Quantiles(known, k=5).bins[:-1]
    return sorted({_nice(v) for v in bins})


def _nice(value: float) -> float:
    return float(f"{value:.2g}")


def _need_limits(need: "pd.Series[float]") -> tuple[float, float]:
    """Return what counts as few and many persons: a third of the median need and the median, as round numbers."""
    many = max(2.0, _round_number(_middle_need(need)))
    return max(1.0, _round_number(many / 3)), many


def _middle_need(need: "pd.Series[float]") -> float:
    known = _floats(need)
    known = known[np.isfinite(known) & (known > 0)]
    return float(np.median(known)) if len(known) else 10.0


def _round_number(value: float) -> float:
    """Return the highest of 1, 2, 3, 5, 10, 20, 30, 50, … at or below the value."""
    power = 10 ** np.floor(np.log10(max(value, 1.0)))
    return float(max(step * power for step in (1, 2, 3, 5) if step * power <= max(value, 1.0)))


def _gap_scale(need: "pd.Series[float]", level: Layer) -> Scale:
    """Return classes of persons missing in wider zones, and one for those where nobody is missing."""
    middle = _middle_need(need)
    numbers = sorted({_round_number(middle * share) for share in _GAP_SHARES})
    return Scale(
        MapLayer.GAP,
        (*(-number for number in reversed(numbers)), 0.0),
        (*spread(SHARE_COLOURS[:-1], len(numbers) + 1), SHARE_COLOURS[-1]),
        _gap_labels([f"{number:g}" for number in numbers]),
        level,
    )


def _ranges(limits: Sequence[float], unit: str) -> tuple[Text, ...]:
    if not limits:
        return (text("all"),)
    names = [f"{limit:g}" for limit in limits]
    inner = [text("{low} to {high}", low=f"{a}", high=f"{b}{unit}") for a, b in pairwise(names)]
    return (text("under {limit}", limit=names[0] + unit), *inner, text("{limit} and more", limit=names[-1] + unit))


def _people_labels(limits: Sequence[float]) -> tuple[Text, ...]:
    if not limits:
        return (text("all"),)
    names = [f"{limit:g}" for limit in limits]
    inner = [text("{low} to {high} people", low=low, high=high) for low, high in pairwise(names)]
    return (text("under {number} people", number=names[0]), *inner, text("{number} people and more", number=names[-1]))


def _percent(limits: Sequence[float]) -> list[float]:
    return [round(100 * limit) for limit in limits]


def _share_labels() -> tuple[Text, ...]:
    return (*_ranges(_percent(SHARE_LIMITS), "%")[:-1], text("all met"))


def _gap_labels(numbers: Sequence[str]) -> tuple[Text, ...]:
    """Return the labels of missing persons, most first; numbers rise."""
    between = [text("{low} to {high} missing", low=low, high=high) for low, high in pairwise(numbers)]
    return (
        text("{number} missing and more", number=numbers[-1]),
        *reversed(between),
        text("under {number} missing", number=numbers[0]),
        text("nobody missing"),
    )


def _balance_labels(few: float, many: float) -> tuple[Text, ...]:
    low, high = f"{few:g}", f"{many:g}"
    return (
        text("{number} missing and more", number=high),
        text("{low} to {high} missing", low=low, high=high),
        text("under {number} missing", number=low),
        text("under {number} to spare", number=low),
        text("{low} to {high} to spare", low=low, high=high),
        text("{number} to spare and more", number=high),
    )
