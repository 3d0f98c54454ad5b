"""The classes of every map: limits, colours and labels of each layer, the same on screen, on paper and in QGIS.

Colours of one layer differ by ΔE ≥ 18 (CIE76) from each other and from "no need" in normal, protan, deutan and tritan
sight (Machado, Oliveira & Fernandes 2009, severity 1). "No data" is told by its hatching, never by colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.i18n import Text, text

NO_NEED: Final = "8"
NO_DATA: Final = "9"

RATIO_LIMITS: Final = (0.25, 0.5, 0.75, 1.0, 1.5)
RATIO_COLOURS: Final = ("#a50026", "#f0693f", "#fdc372", "#fffbd0", "#8fc3de", "#313695")
"""RdYlBu: red where people are missing, blue where there are enough."""
BALANCE_COLOURS: Final = RATIO_COLOURS
VIRIDIS: Final = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
COLD_COLOURS: Final = ("#0072B2", "#f7f5ee", "#D55E00")
NO_NEED_COLOUR: Final = "#c1c0ba"
NO_NEED_LABEL: Final = text("No need")
NO_DATA_COLOUR: Final = "#eceae4"
NO_DATA_HATCH: Final = "#8a8f96"
"""The lines drawn over ``NO_DATA_COLOUR``."""
NO_DATA_LABEL: Final = text("No data")

MARK_COLOUR: Final = "#D55E00"
MARK_EDGE: Final = "#5a2700"
"""The diamond with a white bar that marks an under-served mixed estate."""


class MapLayer(StrEnum):
    """What a map can show."""

    RATIO = "ratio"
    GAP = "gap"
    DENSITY = "density"
    REACH = "reach"
    COLD = "cold"


TITLES: Final = {
    MapLayer.RATIO: text("Coverage"),
    MapLayer.GAP: text("Gap and surplus"),
    MapLayer.DENSITY: text("Density"),
    MapLayer.REACH: text("Reachability"),
    MapLayer.COLD: text("Cold spots"),
}

UNITS: Final = {
    MapLayer.RATIO: text("%"),
    MapLayer.GAP: text("persons"),
    MapLayer.DENSITY: text("members per 1,000 residents"),
    MapLayer.REACH: text("persons within reach for each person needed"),
    MapLayer.COLD: text("Getis-Ord Gi*, significant at 5 %"),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """The classes of one layer, the lowest first."""

    layer: MapLayer
    limits: tuple[float, ...]
    """Borders between classes; a value on a border belongs to the class above."""
    colours: tuple[str, ...]
    """One more than limits."""
    labels: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Classified:
    """A layer of one level, ready to draw: a digit and a figure for each zone, in the order of the table."""

    digits: str
    figures: tuple[float | None, ...]


def make_scale(layer: MapLayer, reference: pd.DataFrame) -> Scale:
    """Return the classes of a layer.

    Coverage has fixed limits. Gap and surplus take theirs from the need in ``reference``, so that they do not change
    with the window; zero is always a limit. Density and reachability are quantiles (mapclassify), rounded to two
    digits.

    Parameters
    ----------
    layer
        What the map shows.
    reference
        A coverage table (docs/conventions.md) with as many zones as possible.

    Examples
    --------
    >>> make_scale(MapLayer.RATIO, pd.DataFrame()).limits
    (0.25, 0.5, 0.75, 1.0, 1.5)
    """
    match layer:
        case MapLayer.RATIO:
            return Scale(layer, RATIO_LIMITS, RATIO_COLOURS, _ranges([25, 50, 75, 100, 150], "%"))
        case MapLayer.GAP:
            few, many = _need_limits(reference["need"])
            return Scale(layer, (-many, -few, 0.0, few, many), BALANCE_COLOURS, _balance_labels(few, many))
        case MapLayer.COLD:
            labels = (text("Cold spot: few people"), text("Not significant"), text("Hot spot: many people"))
            return Scale(layer, (0.5, 1.5), COLD_COLOURS, labels)
        case MapLayer.DENSITY | MapLayer.REACH:
            limits = _quantiles(map_values(layer, reference))
            return Scale(layer, tuple(limits), _spread(VIRIDIS, len(limits) + 1), _ranges(limits, ""))


def classify(scale: Scale, table: pd.DataFrame) -> Classified:
    """Return digits and figures of a coverage table; "8" is no need, "9" is no data.

    Density is told for zones without need as well, where it is known; all other layers show them as "no need".
    """
    values = map_values(scale.layer, table)
    digits = np.digitize(values, scale.limits).astype(str).astype(object)
    digits[np.isnan(values)] = NO_DATA
    is_told = ~np.isnan(values) & (scale.layer is MapLayer.DENSITY)
    digits[(table["status"] == "no_need").to_numpy() & ~is_told] = NO_NEED
    digits[(table["status"] == "no_data").to_numpy()] = NO_DATA
    return Classified("".join(digits), tuple(_figures(scale.layer, values)))


def map_values(layer: MapLayer, table: pd.DataFrame) -> NDArray[np.float64]:
    """Return what a layer shows of each zone, shape (n,); NaN where there is no value.

    Gap and surplus are one signed number of persons (missing below 0); cold, neutral, hot are 0, 1, 2.
    """
    match layer:
        case MapLayer.RATIO:
            return _floats(table["ratio"])
        case MapLayer.GAP:
            return _floats(table["surplus"]) - _floats(table["gap"])
        case MapLayer.DENSITY:
            return _floats(table["density_per_1000"])
        case MapLayer.REACH:
            return _floats(table["reach"])
        case MapLayer.COLD:
            known = table["cold"].fillna("").astype(str).map({"cold": 0.0, "hot": 2.0}).fillna(1.0)
            return _floats(known.where(table["cold_z"].notna().to_numpy(), np.nan))


def _floats(column: "pd.Series[float]") -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(float, na_value=np.nan), dtype=np.float64)


def _figures(layer: MapLayer, values: NDArray[np.float64]) -> list[float | None]:
    shown = np.round(values * 100) if layer is MapLayer.RATIO else np.round(values, 1)
    return [None if np.isnan(v) else float(v) for v in shown + 0.0]


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
    known = _floats(need)
    known = known[np.isfinite(known) & (known > 0)]
    middle = float(np.median(known)) if len(known) else 10.0
    many = max(2.0, _round_number(middle))
    return max(1.0, _round_number(many / 3)), many


def _round_number(value: float) -> float:
    """Return the highest of 1, 2, 3, 5, 10, 20, 30, 50, … at or below the value."""
    power = 10 ** np.floor(np.log10(max(value, 1.0)))
    return float(max(step * power for step in (1, 2, 3, 5) if step * power <= max(value, 1.0)))


def _spread(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """Return that many colours, as far apart as the ramp allows."""
    at = np.linspace(0, len(colours) - 1, count) if count > 1 else np.array([len(colours) // 2])
    return tuple(colours[round(k)] for k in at)


def _ranges(limits: Sequence[float], unit: str) -> tuple[Text, ...]:
    if not limits:
        return (text("all"),)
    names = [f"{limit:g}" for limit in limits]
    inner = [text("{low} to {high}", low=f"{a}", high=f"{b}{unit}") for a, b in pairwise(names)]
    return (text("under {limit}", limit=names[0] + unit), *inner, text("{limit} and more", limit=names[-1] + unit))


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
