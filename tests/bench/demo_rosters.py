"""Rosters as a sub-district of the demo asks for them, made without a store.

Seats: the need of every grid in every shift of two hours of the week from Monday 2026-11-23, by the norms; of each item
whole people, what is left over of all items rounded up; the first of a grid counts 2, others 1, in grids with mixed
estates half as much again. Members are free by draws, one for each day and part of the day, with the share each has
stated or the norms assume. Communities within 1.5 km of each other help each other.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np

from geo.optimise.duties import (
    DutyCaps,
    MemberData,
    PostData,
    RosterProblem,
    SlotData,
    make_members,
    make_roster_problem,
    make_slots,
    pool_posts,
)
from geo.schema import Layer
from services.coverage import CoverageInputs
from services.demo import DemoSize
from services.rules.norms import default_availability, working_calendar
from services.rules.windows import DayPart, Mode, Window, share_by_day_part
from tests.bench.demo_problems import demo_coverage_inputs

MONDAY = datetime(2026, 11, 23)
SHIFT_MIN = 120
SHIFTS = 7 * 24 * 60 // SHIFT_MIN
NEAR_M = 1500.0
MIXED = 1.5
SEED = 7
ALL_DAY = range(24)
DAYTIME = range(8, 22)
CAPS = {
    Mode.ROUTINE: DutyCaps(week=3, night=1),
    Mode.EMERGENCY: DutyCaps(week=5, night=2),
    Mode.LOCKDOWN: DutyCaps(week=7, night=3),
}


def demo_roster(
    size: DemoSize, mode: Mode, hours: Collection[int], items: slice | list[int], caps: DutyCaps | None = None
) -> RosterProblem:
    """Return the week of a demo: which hours of the day and items of the norms have seats."""
    inputs = demo_coverage_inputs(size)
    seats = pool_posts(demo_posts(inputs, mode, hours, items), _zones(inputs).size)
    middle = np.array(
        [inputs.levels[Layer.GRIDS].points[demo_community(inputs) == one].mean(axis=0) for one in _zones(inputs)]
    )
    distance = np.linalg.norm(middle[:, None] - middle[None], axis=2)
    slots = demo_slots(inputs)
    return make_roster_problem(slots, demo_members(inputs, slots), seats, distance <= NEAR_M, caps=caps or CAPS[mode])


def demo_slots(inputs: CoverageInputs) -> SlotData:
    start = np.arange(SHIFTS) * SHIFT_MIN
    part = _shares(inputs).argmax(axis=1)
    return make_slots(
        start,
        start + SHIFT_MIN,
        is_night=part == list(DayPart).index(DayPart.NIGHT),
        parts=part == np.arange(len(DayPart))[:, None],
    )


def demo_members(inputs: CoverageInputs, slots: SlotData) -> MemberData:
    people, shares = inputs.levels[Layer.GRIDS].people, demo_shares(inputs)
    rng = np.random.default_rng(SEED)
    free = np.zeros((people.group.size, slots.start.size), dtype=bool)
    for day in range(7):
        drawn = rng.random(shares.shape) < shares
        today = slots.day == day
        free[:, today] = (drawn[:, :, None] & slots.parts[None, :, today]).any(axis=1)
    days = np.array([np.unique(slots.day[part]).size for part in slots.parts])
    return make_members(demo_community(inputs)[people.group], free, part_most=np.ceil(shares * days - 1e-9))


def demo_shares(inputs: CoverageInputs):
    """Return the share of each part of the day in which each member can come, shape (m, 4)."""
    hours = inputs.levels[Layer.GRIDS].people.hours
    return np.where(np.isnan(hours), default_availability(inputs.norms), hours)


def demo_posts(inputs: CoverageInputs, mode: Mode, hours: Collection[int], items: slice | list[int]) -> PostData:
    """Return a post for each grid."""
    level = inputs.levels[Layer.GRIDS]
    wanted = np.nan_to_num(level.need[mode])[None] * (_shares(inputs) @ inputs.factors.T)[:, None, :]
    is_asked = np.isin(np.arange(SHIFTS) * SHIFT_MIN // 60 % 24, list(hours))
    wanted = wanted[:, :, items] * is_asked[:, None, None]
    whole = np.floor(wanted + 1e-9)
    heads = (whole.sum(axis=2) + np.ceil((wanted - whole).sum(axis=2) - 1e-9)).astype(np.int64)
    is_mixed = inputs.estates["mixed"].reindex(inputs.levels[Layer.ESTATES].facts.index).to_numpy(bool)
    mixed = np.isin(np.arange(len(level.facts)), inputs.levels[Layer.ESTATES].parent[is_mixed])
    other = np.where(mixed, MIXED, 1.0)
    return PostData(demo_community(inputs), np.zeros(mixed.size, dtype=np.intp), heads.T, 2 * other, other)


def _shares(inputs: CoverageInputs):
    calendar, shift = working_calendar(inputs.norms), timedelta(minutes=SHIFT_MIN)
    starts = [MONDAY + nth * shift for nth in range(SHIFTS)]
    return np.array([share_by_day_part(Window(start, start + shift), calendar) for start in starts])


def demo_community(inputs: CoverageInputs):
    """Return the community of each grid, shape (n,)."""
    return inputs.levels[Layer.GRIDS].parent


def _zones(inputs: CoverageInputs):
    return np.arange(demo_community(inputs).max() + 1)
