"""Where people are missing: the few communities that most of a gap lies in, as the end of a sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.arrays import Floats
from geo.coverage import is_short
from geo.ranking import order_by_gap
from geo.schema import Layer
from services.briefing.words import join_names, shorten
from services.coverage import CoverageInputs
from services.i18n import text, translate
from services.rules.rounding import round_table, shown_text

MOST_NAMED: Final = 3
MAIN_SHARE: Final = 0.5
"""What part of the missing persons the communities named must hold at least."""
_SUFFIX: Final = "社区"
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """Persons missing in a community."""

    name: str
    missing: float
    rounded: float
    """The same as tables show it (``services.rules.rounding``)."""


def gaps_by_community(coverage_inputs: CoverageInputs, grids: pd.DataFrame) -> list[Gap]:
    """Return the communities that are short of people, by ``geo.ranking.order_by_gap`` of what tables show.

    Short are those whose gaps add up to one (``geo.coverage.is_short``), as in the table of communities. Grids without
    a community count as one nameless place.
    """
    communities = coverage_inputs.levels[Layer.COMMUNITIES].facts
    parent = coverage_inputs.levels[Layer.GRIDS].parent

    def sum_up(values: pd.Series) -> Floats:
        known = values.fillna(0.0).to_numpy(dtype=np.float64)
        sums = np.bincount(np.where(parent < 0, len(communities), parent), known, minlength=len(communities) + 1)
        return sums.astype(np.float64)

    sums = sum_up(grids["gap"])
    shown = round_table(pd.DataFrame({name: sum_up(grids[name]) for name in ("need", "met", "surplus")}))["gap"]
    names = [*(name or code for code, name in communities["name"].items()), ""]
    order = order_by_gap(shown.to_numpy(), [*communities["residents"], 0.0], [*communities.index, ""])
    return [Gap(str(names[k]), float(sums[k]), float(shown[k])) for k in order if is_short(sums[k])]


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
