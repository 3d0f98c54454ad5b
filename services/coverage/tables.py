"""The coverage of a window: one table for each level, the strip of the hours ahead, and cold spots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.access import two_step_reach
from geo.arrays import Floats
from geo.coverage import Coverage, Status, compare_need_and_supply, is_short, sum_coverage, sum_known
from geo.errors import ShapeMismatchError
from geo.hotspots import find_spots
from geo.schema import PARENT_LAYER, WIDE_LAYERS, ZONE_LAYERS, Layer
from services.coverage.chance import find_chances
from services.coverage.inputs import CoverageInputs, LevelInputs
from services.rules.availability import supply_in_window
from services.rules.need import item_columns
from services.rules.norms import Norms, attendance_in_window, default_availability, working_calendar
from services.rules.windows import Mode, Window, hours_ahead, share_by_day_part, shares_by_day_part

WARM_ENOUGH: Final = 2.0
"""For cold spots a ratio above this counts as this: one grid with ten times its need must not make the rest
look cold."""
SEED: Final = 20_090_401
"""The same data and window give the same cold spots."""
_TIE: Final = 1e-9


@dataclass(frozen=True)
class SentPeople:
    """People sent to and away from the grids in a window, by grid ``code``; grids that are not named have none.

    Both are heads, means over the window: 6 people for half of it are 3.
    """

    arriving: Mapping[str, float]
    """Those who are ordered there for the work: each counts with the attendance of the window."""
    leaving: Mapping[str, float]
    """Those whom the grid counts among its members: each takes away what a member of the grid counts as in the window
    (``supply_members`` ÷ members), and no more leave than there are."""
    at_estates: Mapping[str, float] = field(default_factory=dict)
    """Those of ``arriving`` who are sent to an estate, by the code of the estate."""


NOBODY_SENT: Final = SentPeople({}, {})


@dataclass(frozen=True, slots=True)
class _Supply:
    """Persons of the zones of one level, each of shape (n,)."""

    members: Floats
    arriving: Floats
    leaving: Floats


def table_columns(norms: Norms) -> tuple[str, ...]:
    """Return the columns of every coverage table, which is indexed by ``code`` (docs/conventions.md)."""
    return (
        *("name", "parent_code", "residents", "households", "outsiders", "area_km2", "members"),
        *("density_per_1000", "density_per_km2", "need", *item_columns(norms)),
        *("supply", "supply_members", "supply_in", "supply_out", "met", "gap", "surplus", "share_met", "ratio"),
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
    supply = _supply_by_level(coverage_inputs, share, sent)
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
    supply = _supply_by_level(coverage_inputs, share, sent)
    coverage = _coverage_by_level(coverage_inputs, mode, coverage_inputs.factors @ share, supply)
    return {layer: _balance_table(coverage_inputs.levels[layer], coverage[layer]) for layer in ZONE_LAYERS}


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


def count_weak_by_hour(
    coverage_inputs: CoverageInputs, mode: Mode, now: datetime, hours: int = 72, *, sent: Sequence[SentPeople] = ()
) -> pd.DataFrame:
    """Return how many grids are weak in each of the hours ahead: ``start end weak``.

    The first hour is the one that is running. Hours of one part of the day are computed once. ``sent`` is who is sent
    in each of the hours (``services.planning.sent_by_hour`` of ``hours_ahead``); empty means nobody.

    Raises
    ------
    ShapeMismatchError
        When ``sent`` is not empty and not as long as there are hours.
    """
    if sent and len(sent) != hours:
        raise ShapeMismatchError(sent=len(sent), hours=hours)
    windows = hours_ahead(now, hours)
    shares = shares_by_day_part(windows, working_calendar(coverage_inputs.norms))
    kinds, kind_of_hour = np.unique(shares, axis=1, return_inverse=True)
    level = coverage_inputs.levels[Layer.GRIDS]
    need = level.need[mode] @ (coverage_inputs.factors @ kinds)
    supply = supply_in_window(level.persons, kinds)
    kind = kind_of_hour.reshape(-1)
    weak = _is_weak(need, supply).sum(axis=0)[kind]
    for hour, by in enumerate(sent):
        balance = _balance(coverage_inputs, kinds[:, kind[hour]], supply[:, kind[hour]], by)
        changed = np.flatnonzero(balance)
        wanted, there = need[changed, kind[hour]], supply[changed, kind[hour]]
        weak[hour] += _is_weak(wanted, there + balance[changed]).sum() - _is_weak(wanted, there).sum()
    return pd.DataFrame(
        {"start": [window.start for window in windows], "end": [window.end for window in windows], "weak": weak}
    )


def find_short_parts(
    coverage_inputs: CoverageInputs, mode: Mode, parts: Sequence[Window], sent: Sequence[SentPeople]
) -> pd.DataFrame:
    """Return in which part of a window the grids are shortest of people: its mean hides who is short for some hours.

    Parameters
    ----------
    coverage_inputs, mode
        As of ``coverage_tables``.
    parts
        Of the window, e.g. ``split_by_day_part``.
    sent
        Who is sent in each of them.

    Returns
    -------
    Indexed by ``code``, only the grids that are weak in some part: ``gap start end`` of the part in which most persons
    are missing, the first of equal ones.

    Raises
    ------
    ShapeMismatchError
        When parts and sent differ in length.
    """
    if len(sent) != len(parts):
        raise ShapeMismatchError(sent=len(sent), parts=len(parts))
    balances = [grid_balance(coverage_inputs, mode, part, by) for part, by in zip(parts, sent, strict=True)]
    gaps = np.array([np.where(each["status"] == Status.WEAK, each["gap"], 0.0) for each in balances])
    worst = gaps.argmax(axis=0)
    codes = coverage_inputs.levels[Layer.GRIDS].facts.index
    starts, ends = ([getattr(parts[k], name) for k in worst] for name in ("start", "end"))
    table = pd.DataFrame({"gap": gaps.max(axis=0), "start": starts, "end": ends}, index=codes)
    return table[table["gap"] > 0]


def sum_gaps(
    coverage_inputs: CoverageInputs, mode: Mode, windows: Sequence[Window], sent: Sequence[SentPeople]
) -> Floats:
    """Return how many persons are missing in all grids together in each window, shape (windows,); one ``sent`` each.

    Raises
    ------
    ShapeMismatchError
        When the two differ in length.
    """
    if len(sent) != len(windows):
        raise ShapeMismatchError(sent=len(sent), windows=len(windows))
    shares = shares_by_day_part(windows, working_calendar(coverage_inputs.norms))
    kinds, kind_of = np.unique(shares, axis=1, return_inverse=True)
    level = coverage_inputs.levels[Layer.GRIDS]
    supply = supply_in_window(level.persons, kinds)
    short = level.need[mode] @ (coverage_inputs.factors @ kinds) - supply
    needed = level.need[mode] @ (coverage_inputs.factors @ kinds) > 0
    gaps = np.zeros(len(windows))
    for k, (kind, by) in enumerate(zip(kind_of.reshape(-1), sent, strict=True)):
        balance = _balance(coverage_inputs, kinds[:, kind], supply[:, kind], by)
        gaps[k] = np.maximum(short[:, kind] - balance, 0.0)[needed[:, kind]].sum()
    return gaps


def grid_balance(
    coverage_inputs: CoverageInputs, mode: Mode, window: Window, sent: SentPeople = NOBODY_SENT
) -> pd.DataFrame:
    """Return need and supply of the grids alone, as ``coverage_tables`` has them, without what takes time.

    Returns
    -------
    Indexed by ``code`` in the order of the layer: the fields of ``geo.coverage.Coverage``.
    """
    share, level = (
        share_by_day_part(window, working_calendar(coverage_inputs.norms)),
        coverage_inputs.levels[Layer.GRIDS],
    )
    supply = supply_in_window(level.persons, share)
    coverage = compare_need_and_supply(
        level.need[mode] @ (coverage_inputs.factors @ share), supply + _balance(coverage_inputs, share, supply, sent)
    )
    return _balance_table(level, coverage)


def _balance_table(level: LevelInputs, coverage: Coverage) -> pd.DataFrame:
    return pd.DataFrame({each.name: getattr(coverage, each.name) for each in fields(coverage)}, index=level.facts.index)


def _is_weak(need: Floats, supply: Floats) -> NDArray[np.bool_]:
    return (need > 0) & is_short(need - supply)


def _supply_by_level(coverage_inputs: CoverageInputs, share: Floats, sent: SentPeople) -> dict[Layer, _Supply]:
    supply: dict[Layer, _Supply] = {}
    for layer in reversed(ZONE_LAYERS):
        level = coverage_inputs.levels[layer]
        count, members = len(level.facts), supply_in_window(level.persons, share)
        if layer is Layer.ESTATES:
            arriving, leaving = _coming(coverage_inputs, layer, share, sent.at_estates), np.zeros(count)
        elif layer is Layer.GRIDS:
            arriving = _coming(coverage_inputs, layer, share, sent.arriving)
            leaving = _lost(level, members, sent)
        else:
            parts = _part_of(layer)
            parent = coverage_inputs.levels[parts].parent
            arriving, leaving = (
                np.nan_to_num(sum_known(of_parts, parent, count))
                for of_parts in (supply[parts].arriving, supply[parts].leaving)
            )
        supply[layer] = _Supply(members, arriving, leaving)
    return supply


def _balance(coverage_inputs: CoverageInputs, share: Floats, supply: Floats, sent: SentPeople) -> Floats:
    """Return what the supply of each grid gains, shape (n,), from its members' supply before."""
    coming = _coming(coverage_inputs, Layer.GRIDS, share, sent.arriving)
    return coming - _lost(coverage_inputs.levels[Layer.GRIDS], supply, sent)


def _coming(coverage_inputs: CoverageInputs, layer: Layer, share: Floats, persons: Mapping[str, float]) -> Floats:
    """Return of those sent to each zone of a layer who come, shape (n,)."""
    came = _persons(coverage_inputs.levels[layer].facts.index, persons)
    return np.asarray(attendance_in_window(coverage_inputs.norms, share) * came)


def _lost(level: LevelInputs, supply: Floats, sent: SentPeople) -> Floats:
    """Return what each grid loses of the supply of its members, shape (n,): never more than all of it."""
    members = level.facts["members"].to_numpy(dtype=np.float64)
    away = np.minimum(_persons(level.facts.index, sent.leaving), members)
    return np.asarray(np.divide(supply * away, members, out=np.zeros(len(members)), where=members > 0))


def _persons(codes: pd.Index, persons: Mapping[str, float]) -> Floats:
    found = np.zeros(len(codes))
    if persons:
        where = codes.get_indexer(pd.Index(list(persons), dtype=codes.dtype))
        np.add.at(found, where[where >= 0], np.array(list(persons.values()), dtype=float)[where >= 0])
    return found


def _coverage_by_level(
    coverage_inputs: CoverageInputs, mode: Mode, item_factor: Floats, supply: Mapping[Layer, _Supply]
) -> dict[Layer, Coverage]:
    coverage: dict[Layer, Coverage] = {}
    for layer in reversed(ZONE_LAYERS):
        level = coverage_inputs.levels[layer]
        if layer in {Layer.ESTATES, Layer.GRIDS}:
            there = supply[layer].members + supply[layer].arriving - supply[layer].leaving
            coverage[layer] = compare_need_and_supply(level.need[mode] @ item_factor, there)
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
        supply_members=supply.members,
        supply_in=supply.arriving,
        supply_out=supply.leaving,
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
