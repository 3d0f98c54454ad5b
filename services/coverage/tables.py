"""The coverage of a window: one table for each level, the strip of the hours ahead, and cold spots."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.access import two_step_reach
from geo.arrays import Floats, Positions
from geo.coverage import Coverage, compare_need_and_supply, sum_coverage, sum_known
from geo.hotspots import find_spots
from geo.schema import PARENT_LAYER, WIDE_LAYERS, ZONE_LAYERS, Layer
from services.coverage.balances import NOBODY_SENT, SentPeople, balance_table, coming_to, lost_at
from services.coverage.chance import find_chances
from services.coverage.inputs import CoverageInputs
from services.coverage.roster_supply import MemberSupply, find_member_supply
from services.rules.need import item_columns
from services.rules.norms import Norms, attendance_in_window, default_availability, working_calendar
from services.rules.windows import Mode, Window, share_by_day_part

WARM_ENOUGH: Final = 2.0
"""For cold spots a ratio above this counts as this: one grid with ten times its need must not make the rest
look cold."""
ROSTER_COLUMNS: Final = ("supply_roster", "callable", "asked", "covered")
"""Of ``supply_members`` those who said yes to a roster; who could be called beside; who has not answered; and which
share of the window rosters hold (of wider zones, of the windows of their grids)."""
SEED: Final = 20_090_401
"""The same data and window give the same cold spots."""
_TIE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class _Supply:
    """Persons of the zones of one level, each of shape (n,)."""

    members: MemberSupply
    arriving: Floats
    leaving: Floats

    @property
    def total(self) -> Floats:
        """Everybody who counts."""
        return self.members.members + self.arriving - self.leaving


def table_columns(norms: Norms) -> tuple[str, ...]:
    """Return the columns of every coverage table, which is indexed by ``code`` (docs/conventions.md)."""
    return (
        *("name", "parent_code", "residents", "households", "outsiders", "area_km2", "members"),
        *("density_per_1000", "density_per_km2", "need", *item_columns(norms)),
        *("supply", "supply_members", "supply_in", "supply_out", *ROSTER_COLUMNS),
        *("met", "gap", "surplus", "share_met", "ratio"),
        *("chance", "reach", "cold_z", "cold_p", "cold", "status"),
    )


def coverage_tables(
    coverage_inputs: CoverageInputs, mode: Mode, window: Window, sent: SentPeople = NOBODY_SENT
) -> dict[Layer, pd.DataFrame]:
    """Return the coverage table of every level, its columns ``COLUMNS``, its rows in the order of the layer.

    - Need and supply are means over the window. People who are sent count in grids and wider zones, and
      in the estate that they are sent to.
    - Wider zones than grids: the sums over their grids (``geo.coverage.sum_coverage``), share met, and no ratio.
    - ``reach``: persons within reach for each person needed, neighbours' claims counted (E2SFCA, demand = need); for
      wider zones the mean of their grids by need; null where nobody is needed, and for estates.
    - ``chance``: of a grid or estate, that at least the whole heads it needs come (``services.coverage.chance``); null
      where nobody is needed.
    - ``cold_z cold_p cold`` are empty; ``add_cold_spots`` fills them in for grids.
    - Of the part inside an area (``CoverageInputs.whole``): the rows of the tables of everything.
    """
    if coverage_inputs.whole is not None:
        return _rows_inside(coverage_inputs, coverage_tables(coverage_inputs.whole, mode, window, sent))
    share = share_by_day_part(window, working_calendar(coverage_inputs.norms))
    item_factor = coverage_inputs.factors @ share
    supply = _supply_by_level(coverage_inputs, window, share, sent)
    coverage = _coverage_by_level(coverage_inputs, mode, item_factor, supply)
    reach = _reach_by_level(coverage_inputs, coverage)
    chance = _chance_by_level(coverage_inputs, share, supply, coverage)
    return {
        layer: _table(
            coverage_inputs,
            layer,
            coverage_inputs.levels[layer].need[mode] * item_factor,
            supply[layer],
            coverage[layer],
            {"chance": chance[layer], "reach": reach[layer]},
        )
        for layer in ZONE_LAYERS
    }


def balance_tables(
    coverage_inputs: CoverageInputs, mode: Mode, window: Window, sent: SentPeople = NOBODY_SENT
) -> dict[Layer, pd.DataFrame]:
    """Return need and supply of every level, as ``coverage_tables`` has them, without what takes time.

    Returns
    -------
    Of each level, indexed by ``code`` in the order of the layer: the fields of ``geo.coverage.Coverage``.
    """
    if coverage_inputs.whole is not None:
        return _rows_inside(coverage_inputs, balance_tables(coverage_inputs.whole, mode, window, sent))
    share = share_by_day_part(window, working_calendar(coverage_inputs.norms))
    supply = _supply_by_level(coverage_inputs, window, share, sent)
    coverage = _coverage_by_level(coverage_inputs, mode, coverage_inputs.factors @ share, supply)
    return {layer: balance_table(coverage_inputs.levels[layer], coverage[layer]) for layer in ZONE_LAYERS}


def _rows_inside(coverage_inputs: CoverageInputs, tables: Mapping[Layer, pd.DataFrame]) -> dict[Layer, pd.DataFrame]:
    return {layer: tables[layer].loc[level.facts.index] for layer, level in coverage_inputs.levels.items()}


def add_cold_spots(coverage_inputs: CoverageInputs, grids: pd.DataFrame) -> pd.DataFrame:
    """Return the table of grids with ``cold_z cold_p cold`` filled in (about 0.3 s, so only when they are shown).

    Gi* of the coverage ratio, capped at ``WARM_ENOUGH``, over grids at most ``NEIGHBOUR_GAP_M`` apart. Grids without
    a ratio, and those none of whose neighbours has one, are left out and stay null.
    """
    spots = find_spots(
        grids["ratio"].clip(upper=WARM_ENOUGH).to_numpy(),
        coverage_inputs.neighbours,
        np.random.default_rng(SEED),
        false_discovery_rate=coverage_inputs.norms.cold_spots.false_discovery_rate.value,
    )
    return grids.assign(cold_z=spots.z, cold_p=spots.p, cold=spots.spot)


def _supply_by_level(
    coverage_inputs: CoverageInputs, window: Window, share: Floats, sent: SentPeople
) -> dict[Layer, _Supply]:
    supply: dict[Layer, _Supply] = {}
    for layer in reversed(ZONE_LAYERS):
        level = coverage_inputs.levels[layer]
        if layer is Layer.ESTATES:
            members = find_member_supply(coverage_inputs, layer, window)
            arriving = coming_to(coverage_inputs, layer, share, sent.at_estates)
            supply[layer] = _Supply(members, arriving, np.zeros(len(level.facts)))
        elif layer is Layer.GRIDS:
            members = find_member_supply(coverage_inputs, layer, window)
            arriving = coming_to(coverage_inputs, layer, share, sent.arriving)
            supply[layer] = _Supply(members, arriving, lost_at(level, members.members, sent))
        else:
            parts = _part_of(layer)
            supply[layer] = _sum_supply(supply[parts], coverage_inputs.levels[parts].parent, len(level.facts))
    return supply


def _sum_supply(parts: _Supply, parent: Positions, count: int) -> _Supply:
    def total(of_parts: Floats) -> Floats:
        return np.nan_to_num(sum_known(of_parts, parent, count))

    members, number = parts.members, total(np.ones(len(parent)))
    return _Supply(
        MemberSupply(
            total(members.members),
            total(members.on_duty),
            total(members.to_confirm),
            total(members.callable),
            np.divide(total(members.roster_share), number, out=np.zeros(count), where=number > 0),
        ),
        total(parts.arriving),
        total(parts.leaving),
    )


def _coverage_by_level(
    coverage_inputs: CoverageInputs, mode: Mode, item_factor: Floats, supply: Mapping[Layer, _Supply]
) -> dict[Layer, Coverage]:
    coverage: dict[Layer, Coverage] = {}
    for layer in reversed(ZONE_LAYERS):
        level = coverage_inputs.levels[layer]
        if layer in {Layer.ESTATES, Layer.GRIDS}:
            coverage[layer] = compare_need_and_supply(level.need[mode] @ item_factor, supply[layer].total)
        else:
            parts = _part_of(layer)
            coverage[layer] = sum_coverage(coverage[parts], coverage_inputs.levels[parts].parent, len(level.facts))
    return coverage


def _reach_by_level(coverage_inputs: CoverageInputs, coverage: Mapping[Layer, Coverage]) -> dict[Layer, Floats]:
    grids = coverage[Layer.GRIDS]
    supply = np.maximum(grids.supply, 0.0)
    everywhere = two_step_reach(coverage_inputs.reach_pairs, coverage_inputs.reach_weight, supply, grids.need)
    reach = {
        Layer.GRIDS: np.where(grids.need > 0, everywhere, np.nan),
        Layer.ESTATES: np.full(len(coverage[Layer.ESTATES].need), np.nan),
    }
    weighted = reach[Layer.GRIDS] * grids.need
    for layer in reversed(WIDE_LAYERS):
        need = coverage[layer].need
        weighted = sum_known(weighted, coverage_inputs.levels[_part_of(layer)].parent, len(need))
        reach[layer] = np.divide(weighted, need, out=np.full(len(need), np.nan), where=need > 0)
    return reach


def _chance_by_level(
    coverage_inputs: CoverageInputs, share: Floats, supply: Mapping[Layer, _Supply], coverage: Mapping[Layer, Coverage]
) -> dict[Layer, Floats]:
    usual = default_availability(coverage_inputs.norms)
    chance = {layer: np.full(len(coverage[layer].need), np.nan) for layer in WIDE_LAYERS}
    for layer in (Layer.GRIDS, Layer.ESTATES):
        of_layer = supply[layer]
        chance[layer] = find_chances(
            coverage_inputs.levels[layer],
            usual,
            share,
            need=coverage[layer].need,
            members=of_layer.members,
            arriving=of_layer.arriving,
            leaving=of_layer.leaving,
            attendance=float(attendance_in_window(coverage_inputs.norms, share)),
        )
    return chance


def _part_of(layer: Layer) -> Layer:
    return next(part for part, parent in PARENT_LAYER.items() if parent is layer and part in ZONE_LAYERS)


def _table(
    coverage_inputs: CoverageInputs,
    layer: Layer,
    need_items: Floats,
    supply: _Supply,
    coverage: Coverage,
    outlook: Mapping[str, Floats],
) -> pd.DataFrame:
    facts = coverage_inputs.levels[layer].facts
    nothing = np.full(len(facts), np.nan)
    return facts.assign(
        need=coverage.need,
        **dict(zip(item_columns(coverage_inputs.norms), need_items.T, strict=True)),
        supply=coverage.supply,
        supply_members=supply.members.members,
        supply_in=supply.arriving,
        supply_out=supply.leaving,
        supply_roster=supply.members.on_duty,
        callable=supply.members.callable,
        asked=supply.members.to_confirm,
        covered=supply.members.roster_share,
        met=coverage.met,
        gap=coverage.gap,
        surplus=coverage.surplus,
        share_met=coverage.share_met,
        ratio=coverage.ratio,
        **outlook,
        cold_z=nothing,
        cold_p=nothing,
        cold="",
        status=coverage.status,
    )
