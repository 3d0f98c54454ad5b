"""What becomes of totals and ranks when the norms that are assumed are somewhat different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.arrays import Flags, Floats
from geo.coverage import Status, compare_need_and_supply
from geo.ranking import rank_underserved
from geo.schema import Layer
from services.coverage.inputs import CoverageInputs, LevelInputs
from services.coverage.roster_supply import find_member_supply
from services.rules.availability import sum_by_zone
from services.rules.need import need_by_item, read_facts, sum_into_grids
from services.rules.norm_draws import draw_norms
from services.rules.norms import Norms, day_factors, default_availability, working_calendar
from services.rules.windows import Mode, Window, share_by_day_part

DRAWS: Final = 40
FIRST: Final = 10
"""So many stand at the top of a list."""
STEADY: Final = 0.9
"""Whoever is among the first in fewer draws than this has no steady place there."""
_ENDS: Final = (5.0, 95.0)
_LEVELS: Final = (Layer.ESTATES, Layer.GRIDS)
SEED: Final = 2026
"""The same data, norms and window give the same range."""


@dataclass(frozen=True)
class NormRange:
    """Grids and estates of a window under ``DRAWS`` draws of the norms: persons, shape (draws, n)."""

    codes: Mapping[Layer, pd.Index]
    """Of the n zones of a level."""
    need: Mapping[Layer, Floats]
    """NaN where nothing is known."""
    supply: Mapping[Layer, Floats]
    """Of the zone's own members."""

    def total(self, grids: pd.DataFrame) -> tuple[float, float]:
        """Return between what the persons missing in some grids together lie in nine of ten draws.

        ``grids`` is the coverage table of the window, or some rows of it: who is sent in it stays sent.
        """
        need, supply = self._of(Layer.GRIDS, grids)
        low, high = np.percentile(np.nansum(np.maximum(need - supply, 0.0), axis=1), _ENDS)
        return float(low), float(high)

    def steadiness(self, layer: Layer, zones: pd.DataFrame, is_mixed: Flags) -> "pd.Series[float]":
        """Return in which share of the draws each zone is among the first ``FIRST`` of a list of some grids or estates.

        Parameters
        ----------
        layer
            Grids or estates.
        zones
            The coverage table of the window, or the rows of it that the list is of.
        is_mixed
            Which of them are mixed estates or hold one, shape (zones,).
        """
        counts, residents = np.zeros(len(zones)), zones["residents"].to_numpy(dtype=np.float64)
        for need, supply in zip(*self._of(layer, zones), strict=True):
            coverage = compare_need_and_supply(need, supply)
            ratio = np.where(coverage.status == Status.WEAK, coverage.ratio, np.nan)
            counts[rank_underserved(ratio, coverage.gap, residents, zones.index, is_mixed=is_mixed)[:FIRST]] += 1
        return pd.Series(counts / DRAWS, index=zones.index)

    def _of(self, layer: Layer, zones: pd.DataFrame) -> tuple[Floats, Floats]:
        rows = self.codes[layer].get_indexer(zones.index)
        moved = (zones["supply_in"] - zones["supply_out"]).to_numpy(dtype=np.float64)
        return self.need[layer][:, rows], np.maximum(self.supply[layer][:, rows] + moved, 0.0)


def find_norm_range(coverage_inputs: CoverageInputs, mode: Mode, window: Window) -> NormRange:
    """Return need and supply of a window under draws of the norms (``services.rules.norm_draws``).

    What a draw changes of the supply is what members who state nothing count as. About 0.5 s for 2,000 grids.
    """
    rng = np.random.default_rng(SEED)
    share = share_by_day_part(window, working_calendar(coverage_inputs.norms))
    levels = {layer: coverage_inputs.levels[layer] for layer in _LEVELS}
    silent = {layer: _count_silent(level) for layer, level in levels.items()}
    usual = default_availability(coverage_inputs.norms)
    need_draws: dict[Layer, list[Floats]] = {layer: [] for layer in _LEVELS}
    supply_draws: dict[Layer, list[Floats]] = {layer: [] for layer in _LEVELS}
    for _ in range(DRAWS):
        norms = draw_norms(coverage_inputs.norms, rng)
        need, more = _need(levels, norms, mode, share), default_availability(norms) - usual
        for layer, level in levels.items():
            need_draws[layer].append(need[layer])
            persons = level.persons + silent[layer] * more
            supply_draws[layer].append(find_member_supply(coverage_inputs, layer, window, persons).members)
    codes = {layer: level.facts.index for layer, level in levels.items()}
    return NormRange(codes, _stack(need_draws), _stack(supply_draws))


def _stack(draws: Mapping[Layer, Sequence[Floats]]) -> dict[Layer, Floats]:
    return {layer: np.array(each) for layer, each in draws.items()}


def _count_silent(level: LevelInputs) -> Floats:
    """Return how many people of each zone state nothing about each part of the day, shape (n, 4)."""
    return sum_by_zone(np.isnan(level.people.hours).astype(np.float64), level.people.group, len(level.facts))


def _need(levels: Mapping[Layer, LevelInputs], norms: Norms, mode: Mode, share: Floats) -> dict[Layer, Floats]:
    """Return the persons that each estate and grid needs in a window by some norms, shape (n,)."""
    estates, grids = (need_by_item(read_facts(levels[layer].need_source, norms), norms, mode) for layer in _LEVELS)
    factor = day_factors(norms) @ share
    in_grids = sum_into_grids(grids, estates, levels[Layer.ESTATES].parent)
    return {Layer.ESTATES: estates @ factor, Layer.GRIDS: in_grids @ factor}
