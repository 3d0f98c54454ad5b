"""Where people are missing: the few communities, or wider zones, that most of a gap lies in, as a sentence's end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from geo.arrays import Floats, Positions
from geo.coverage import is_short
from geo.ranking import order_by_gap
from geo.schema import Layer
from services.briefing.words import join_names, shorten
from services.coverage import CoverageInputs
from services.i18n import text, translate
from services.rules.rounding import round_table, shown_text

WIDER: Final = (Layer.SUBDISTRICTS, Layer.DISTRICTS)
"""What is named where communities say too little, the narrowest first."""
MOST_NAMED: Final = 3
MAIN_SHARE: Final = 0.5
"""What part of the missing persons the communities named must hold at least."""
_SUFFIX: Final = "社区"
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """Persons missing in a community or a wider zone."""

    name: str
    missing: float
    rounded: float
    """The same as tables show it (``services.rules.rounding``)."""


def gaps_by_community(coverage_inputs: CoverageInputs, grids: pd.DataFrame) -> list[Gap]:
    """Return the communities that are short of people, by ``geo.ranking.order_by_gap`` of what tables show.

    Short are those whose gaps add up to one (``geo.coverage.is_short``), as in the table of communities. Grids without
    a community count as one nameless place.
    """
    return gaps_by_zone(coverage_inputs, grids, Layer.COMMUNITIES)


def gaps_by_zone(coverage_inputs: CoverageInputs, grids: pd.DataFrame, layer: Layer) -> list[Gap]:
    """Return the same for the zones of a layer wider than grids."""
    zones = coverage_inputs.levels[layer].facts
    parent = _position_at(coverage_inputs, layer)

    def sum_up(values: pd.Series) -> Floats:
        known = values.fillna(0.0).to_numpy(dtype=np.float64)
        sums = np.bincount(np.where(parent < 0, len(zones), parent), known, minlength=len(zones) + 1)
        return sums.astype(np.float64)

    sums = sum_up(grids["gap"])
    shown = round_table(pd.DataFrame({name: sum_up(grids[name]) for name in ("need", "met", "surplus")}))["gap"]
    names = [*(name or code for code, name in zones["name"].items()), ""]
    order = order_by_gap(shown.to_numpy(), [*zones["residents"], 0.0], [*zones.index, ""])
    return [Gap(str(names[k]), float(sums[k]), float(shown[k])) for k in order if is_short(sums[k])]


def _position_at(coverage_inputs: CoverageInputs, layer: Layer) -> Positions:
    """Return in which zone of a layer each grid lies, shape (n,), -1 for none."""
    parent = coverage_inputs.levels[Layer.GRIDS].parent
    for below, above in pairwise((Layer.COMMUNITIES, *WIDER)):
        if layer is below:
            return parent
        lies = coverage_inputs.levels[below].parent
        parent = np.where(parent < 0, -1, lies[np.maximum(parent, 0)]) if len(lies) else parent
        if layer is above:
            return parent
    return parent


def gap_text(coverage_inputs: CoverageInputs, grids: pd.DataFrame, people: float) -> str:
    """Return where people are missing (``where_text``), named by the narrowest zones that hold ``MAIN_SHARE`` of them.

    Where the communities that can be named hold less, sub-districts are named, then districts, where a few of many hold
    so much; where none do, the zones that can be named and hold most.
    """
    layers = [layer for layer in (Layer.COMMUNITIES, *WIDER) if len(coverage_inputs.levels[layer].facts) > 1]
    gaps = {layer: gaps_by_zone(coverage_inputs, grids, layer) for layer in layers}
    shares = {layer: _share_named(gaps[layer], people) for layer in layers}
    counts = {layer: len(coverage_inputs.levels[layer].facts) for layer in layers}
    telling = [
        layer
        for layer in layers
        if layer is Layer.COMMUNITIES or shares[layer] < 1 - _ROUNDING or len(gaps[layer]) < counts[layer]
    ]
    if not telling:
        return ""
    enough = [layer for layer in telling if shares[layer] >= MAIN_SHARE - _ROUNDING]
    best = enough[0] if enough else max(telling, key=lambda layer: shares[layer])
    return where_text(gaps[best], counts[best], people)


def _share_named(gaps: Sequence[Gap], people: float) -> float:
    """Return which part of the missing persons the zones hold that ``where_text`` names."""
    shares = [sum(gap.rounded for gap in gaps[:count]) / people for count in _counts_to_name(gaps) if people > 0]
    return next((share for share in shares if share >= MAIN_SHARE - _ROUNDING), max(shares, default=0.0))


def where_text(gaps: Sequence[Gap], communities: int, people: float) -> str:
    """Return where people are missing as the end of a sentence: ``，集中在雅瑶、合和两个社区``; perhaps empty.

    The fewest communities, ``MOST_NAMED`` at most, are named that hold ``MAIN_SHARE`` of the gap or more. Where no so
    few do, the largest are named with what they lack together and what part of the gap that is, as tables show it.
    Of communities that lack equally many all or none are named. With fewer than two there is nothing to tell.

    Parameters
    ----------
    gaps
        The largest first.
    communities
        How many there are.
    people
        Missing in all of them, as it is shown.

    Examples
    --------
    >>> where_text([Gap("雅瑶社区", 70, 70), Gap("合和社区", 50, 50), Gap("三向村", 23, 23)], 11, 143)
    '，集中在雅瑶、合和两个社区'
    >>> where_text([Gap("甲社区", 8, 8), Gap("乙社区", 7, 7), Gap("丙村", 6, 6), *[Gap("丁", 5, 5)] * 5], 9, 46)
    '，其中甲社区、乙社区、丙村缺 21 人，占 46%'
    """
    if communities < 2 or not gaps:
        return ""
    for count in _counts_to_name(gaps):
        named = gaps[:count]
        if count == len(gaps) or sum(gap.rounded for gap in named) >= MAIN_SHARE * people - _ROUNDING:
            places = places_text([gap.name for gap in named])
            said = text(", all of them in {places}") if count == len(gaps) else text(", most of them in {places}")
            return translate(said, places=places)
    return _largest_text(gaps, people)


def _largest_text(gaps: Sequence[Gap], people: float) -> str:
    """Return which of many communities lack most, and what part of the gap that is; their number where none does."""
    count = max(_counts_to_name(gaps), default=0)
    if not count or people <= 0:
        return translate(", spread over {count} communities", count=len(gaps))
    missing = round(sum(gap.rounded for gap in gaps[:count]), 1)
    return translate(
        ", {people} of them in {places} ({percent}%)",
        people=shown_text(missing),
        places=places_text([gap.name for gap in gaps[:count]]),
        percent=math.floor(100 * missing / people + 0.5),
    )


def _counts_to_name(gaps: Sequence[Gap]) -> list[int]:
    """Return how many of the largest can be named: none of them nameless, and the next lacking less."""
    named = next((k for k, gap in enumerate(gaps[:MOST_NAMED]) if not gap.name), len(gaps[:MOST_NAMED]))
    return [count for count in range(1, named + 1) if not _are_alike(gaps, count)]


def _are_alike(gaps: Sequence[Gap], k: int) -> bool:
    """Return whether a community lacks as many as the one before it."""
    return 0 < k < len(gaps) and abs(gaps[k].rounded - gaps[k - 1].rounded) < _ROUNDING


def most_text(names: Sequence[str], among: int, missing: str) -> str:
    """Return which of several lack most, as the end of a sentence; ``names`` are those that lack equally many."""
    if len(names) == among:
        return translate("as many in each")
    if len(names) == 1:
        return translate("{name} lacks most ({missing})", name=names[0], missing=missing)
    said = text("{name} and others, {count} in all, lack most ({missing} each)")
    return translate(said, name=names[0], count=len(names), missing=missing)


def places_text(names: list[str]) -> str:
    """Return communities as a list: ``雅瑶社区``, ``雅瑶、合和两个社区``, ``雅瑶社区、三向村``."""
    if len(names) < 2 or not all(name.endswith(_SUFFIX) and name != _SUFFIX for name in names):
        return join_names([shorten(name) for name in names])
    joined = join_names([shorten(name.removesuffix(_SUFFIX)) for name in names])
    said = text("the two communities {places}") if len(names) == 2 else text("the three communities {places}")
    return translate(said, places=joined)
