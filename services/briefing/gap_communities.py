"""Where people are missing: the few communities that most of a gap lies in, as the end of a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage import Status
from geo.ranking import order_by_gap
from geo.schema import Layer
from services.briefing.words import join_names, shorten
from services.coverage import CoverageInputs
from services.i18n import text, translate

MOST_NAMED: Final = 3
MAIN_SHARE: Final = 0.5
"""What part of the missing persons the communities named must hold."""
_SUFFIX: Final = "社区"
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """Persons missing in a community."""

    name: str
    missing: float


def gaps_by_community(coverage_inputs: CoverageInputs, grids: pd.DataFrame) -> list[Gap]:
    """Return the communities whose grids are short of people, in the order of ``geo.ranking.order_by_gap``.

    Grids without a community count as one nameless place.
    """
    communities = coverage_inputs.levels[Layer.COMMUNITIES].facts
    parent = coverage_inputs.levels[Layer.GRIDS].parent
    gap = grids["gap"].where(grids["status"] == Status.WEAK, 0.0).to_numpy(dtype=np.float64)
    sums = np.bincount(np.where(parent < 0, len(communities), parent), gap, minlength=len(communities) + 1)
    names = [*(name or code for code, name in communities["name"].items()), ""]
    order = order_by_gap(sums, [*communities["residents"], 0.0], [*communities.index, ""])
    return [Gap(str(names[k]), float(sums[k])) for k in order if sums[k] > 0]


def where_text(gaps: list[Gap], communities: int) -> str:
    """Return where people are missing as the end of a sentence: ``，集中在雅瑶、合和两个社区``; perhaps empty.

    Up to ``MOST_NAMED`` communities are named where they hold more than ``MAIN_SHARE`` of the gap and no other lacks as
    many as the last of them; else they are only counted. With fewer than two communities there is nothing to tell.

    Examples
    --------
    >>> where_text([Gap("雅瑶社区", 70.0), Gap("合和社区", 50.0), Gap("三向村", 23.0)], 11)
    '，集中在雅瑶、合和两个社区'
    """
    total = sum(gap.missing for gap in gaps)
    if communities < 2 or not gaps or total <= 0:
        return ""
    named: list[str] = []
    held = 0.0
    for k, gap in enumerate(gaps[:MOST_NAMED]):
        if (held > MAIN_SHARE * total and not _are_alike(gaps, k)) or not gap.name:
            break
        named.append(gap.name)
        held += gap.missing
    if not named or held <= MAIN_SHARE * total or _are_alike(gaps, len(named)):
        return translate(", spread over {count} communities", count=len(gaps))
    if len(named) == len(gaps):
        return translate(", all of them in {places}", places=places_text(named))
    return translate(", most of them in {places}", places=places_text(named))


def _are_alike(gaps: list[Gap], k: int) -> bool:
    """Return whether a community lacks as many as the one before it."""
    return 0 < k < len(gaps) and abs(gaps[k].missing - gaps[k - 1].missing) < _ROUNDING


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
