"""Need and supply of the grids alone, in one window or in many: what is quick enough for every hour ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.arrays import Floats
from geo.coverage import Coverage, Status, compare_need_and_supply, is_short
from geo.errors import ShapeMismatchError
from geo.schema import Layer
from services.coverage.inputs import CoverageInputs, LevelInputs
from services.coverage.roster_supply import find_member_supply
from services.rules.availability import supply_in_window
from services.rules.norms import attendance_in_window, working_calendar
from services.rules.windows import Mode, Window, hours_ahead, share_by_day_part, shares_by_day_part


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
        level.need[mode] @ (coverage_inputs.factors @ share),
        supply + _change(coverage_inputs, window, share, supply, sent),
    )
    return balance_table(level, coverage)


def count_weak_by_hour(
    coverage_inputs: CoverageInputs, mode: Mode, now: datetime, hours: int = 72, *, sent: Sequence[SentPeople] = ()
) -> pd.DataFrame:
    """Return how many grids are weak in each of the hours ahead: ``start end weak estimated covered``.

    The first hour is the one that is running. ``estimated`` is how many would be weak if no roster were known,
    ``covered`` the share of the grids that rosters hold then, 0 to 1. ``sent`` is who is sent in each of the hours
    (``services.planning.sent_by_hour`` of ``hours_ahead``); empty means nobody.

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
    estimated = _is_weak(need, supply).sum(axis=0)[kind]
    weak, held = estimated.copy(), np.zeros(hours)
    for hour, window in enumerate(windows):
        by, share = sent[hour] if sent else NOBODY_SENT, kinds[:, kind[hour]]
        wanted, there = need[:, kind[hour]], supply[:, kind[hour]]
        estimated[hour] += _more_weak(wanted, there, _moved(coverage_inputs, share, there, by))
        weak[hour] = estimated[hour]
        if coverage_inputs.rosters and len(there):
            found = find_member_supply(coverage_inputs, Layer.GRIDS, window)
            weak[hour] = _is_weak(wanted, found.members + _moved(coverage_inputs, share, found.members, by)).sum()
            held[hour] = found.roster_share.mean()
    starts, ends = ([getattr(window, name) for window in windows] for name in ("start", "end"))
    return pd.DataFrame({"start": starts, "end": ends, "weak": weak, "estimated": estimated, "covered": held})


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
        change = _change(coverage_inputs, windows[k], kinds[:, kind], supply[:, kind], by)
        gaps[k] = np.maximum(short[:, kind] - change, 0.0)[needed[:, kind]].sum()
    return gaps


def coming_to(coverage_inputs: CoverageInputs, layer: Layer, share: Floats, persons: Mapping[str, float]) -> Floats:
    """Return of those sent to each zone of a layer who come, shape (n,)."""
    if not persons:
        return np.zeros(len(coverage_inputs.levels[layer].facts))
    came = _persons(coverage_inputs.levels[layer].facts.index, persons)
    return np.asarray(attendance_in_window(coverage_inputs.norms, share) * came)


def lost_at(level: LevelInputs, supply: Floats, sent: SentPeople) -> Floats:
    """Return what each grid loses of the supply of its members, shape (n,): never more than all of it."""
    if not sent.leaving:
        return np.zeros(len(supply))
    members = level.facts["members"].to_numpy(dtype=np.float64)
    away = np.minimum(_persons(level.facts.index, sent.leaving), members)
    return np.asarray(np.divide(supply * away, members, out=np.zeros(len(members)), where=members > 0))


def balance_table(level: LevelInputs, coverage: Coverage) -> pd.DataFrame:
    """Return the fields of the coverage of a level as columns, indexed by ``code``."""
    return pd.DataFrame({each.name: getattr(coverage, each.name) for each in fields(coverage)}, index=level.facts.index)


def _is_weak(need: Floats, supply: Floats) -> NDArray[np.bool_]:
    return (need > 0) & is_short(need - supply)


def _more_weak(need: Floats, supply: Floats, change: Floats) -> int:
    """Return how many more grids are weak when the supply of each changes by so much."""
    changed = np.flatnonzero(change)
    wanted, there = need[changed], supply[changed]
    return int(_is_weak(wanted, there + change[changed]).sum() - _is_weak(wanted, there).sum())


def _moved(coverage_inputs: CoverageInputs, share: Floats, supply: Floats, sent: SentPeople) -> Floats:
    """Return what the supply of each grid gains by who is sent, shape (n,), from its members' supply before."""
    coming = coming_to(coverage_inputs, Layer.GRIDS, share, sent.arriving)
    return coming - lost_at(coverage_inputs.levels[Layer.GRIDS], supply, sent)


def _change(coverage_inputs: CoverageInputs, window: Window, share: Floats, supply: Floats, sent: SentPeople) -> Floats:
    """Return the same by rosters and by who is sent, from what the members were estimated at."""
    if not coverage_inputs.rosters:
        return _moved(coverage_inputs, share, supply, sent)
    members = find_member_supply(coverage_inputs, Layer.GRIDS, window).members
    return members - supply + _moved(coverage_inputs, share, members, sent)


def _persons(codes: pd.Index, persons: Mapping[str, float]) -> Floats:
    found = np.zeros(len(codes))
    if persons:
        where = codes.get_indexer(pd.Index(list(persons), dtype=codes.dtype))
        np.add.at(found, where[where >= 0], np.array(list(persons.values()), dtype=float)[where >= 0])
    return found
