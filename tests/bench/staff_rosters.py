"""Published rosters of staff (schedulingbenchmarks.org), stated with the rows that rosters of volunteers are made of.

A contract of staff: of each shift so many at most, minutes between two limits, days on and off in a row, weekends;
wishes for and against shifts; cover with a price for each person too few and too many.
Files lie in ``../shared/data/opt``.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo.optimise.rows import RowBuilder, rest_windows
from geo.optimise.solver import Model

DAY_MIN = 1440
OPTIMA = {"Instance1": 607, "Instance2": 828, "Instance3": 1001}


@dataclass(frozen=True)
class Contract:
    """What binds one member of staff."""

    code: str
    most: dict[str, int]
    """By shift."""
    most_minutes: int
    least_minutes: int
    most_days: int
    """In a row."""
    least_days: int
    least_days_off: int
    weekends: int
    days_off: tuple[int, ...] = ()


@dataclass(frozen=True)
class StaffRoster:
    """One file."""

    days: int
    minutes: dict[str, int]
    not_after: dict[str, tuple[str, ...]]
    """Shifts that cannot follow each shift on the next day."""
    contracts: list[Contract]
    wishes: list[tuple[str, int, str, int]]
    """Code, day, shift, and what the shift counts: below 0 where it is asked for."""
    granted: int
    """What all shifts that are asked for count if none is given."""
    cover: list[tuple[int, str, int, int, int]]
    """Day, shift, people, price of one too few, of one too many."""


def read_staff_roster(path: Path) -> StaffRoster:
    sections: dict[str, list[list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("SECTION_"):
            rows = sections.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append(line.split(","))
    off = {code: tuple(map(int, days)) for code, *days in sections["DAYS_OFF"]}
    contracts = [
        Contract(
            code,
            {k: int(v) for k, v in (pair.split("=") for pair in most.split("|"))},
            *map(int, rest),
            off.get(code, ()),
        )
        for code, most, *rest in sections["STAFF"]
    ]
    asked = [(code, int(day), shift, -int(weight)) for code, day, shift, weight in sections["SHIFT_ON_REQUESTS"]]
    refused = [(code, int(day), shift, int(weight)) for code, day, shift, weight in sections["SHIFT_OFF_REQUESTS"]]
    return StaffRoster(
        int(sections["HORIZON"][0][0]),
        {shift: int(minutes) for shift, minutes, _ in sections["SHIFTS"]},
        {shift: tuple(filter(None, after.split("|"))) for shift, _, after in sections["SHIFTS"]},
        contracts,
        asked + refused,
        -sum(weight for *_, weight in asked),
        [(int(day), shift, *map(int, rest)) for day, shift, *rest in sections["COVER"]],
    )


def begin_minutes(roster: StaffRoster) -> tuple[dict[str, int], int]:
    """Return when each shift begins, and the rest by which exactly the shifts that cannot follow one another do not.

    Shifts stand in the order in which they may follow: one that cannot follow another the next day begins earlier.
    """
    rank = {shift: sum(shift in after for after in roster.not_after.values()) for shift in roster.minutes}
    steps = sorted(set(rank.values()), reverse=True)
    begin = {shift: 360 + 180 * steps.index(rank[shift]) for shift in rank}
    pauses = {(a, b): DAY_MIN + begin[b] - begin[a] - roster.minutes[a] for a in begin for b in begin}
    rest = min((pause for (a, b), pause in pauses.items() if b not in roster.not_after[a]), default=0)
    assert all((pause < rest) == (b in roster.not_after[a]) for (a, b), pause in pauses.items())
    return begin, rest


def staff_model(roster: StaffRoster) -> tuple[Model, np.ndarray, float]:
    """Return the model, its goal, and what counts whatever is done."""
    begin, rest = begin_minutes(roster)
    shifts, people, days = sorted(begin, key=begin.__getitem__), roster.contracts, roster.days
    person, day, shift = (part.ravel() for part in np.indices((len(people), days, len(shifts))))
    number = {contract.code: nth for nth, contract in enumerate(people)}
    rows = RowBuilder()
    _limits(rows, roster, (person, day, shift), begin, rest)
    _runs(rows, roster, person, day)
    count, width = person.size, _weekends(rows, roster, (person, day), person.size)
    goal, upper = np.zeros(width), np.ones(width)
    for code, on, which, weight in roster.wishes:
        goal[(number[code] * days + on) * len(shifts) + shifts.index(which)] += weight
    for contract in people:
        upper[:count][(person == number[contract.code]) & np.isin(day, contract.days_off)] = 0
    needed = [need for _, _, need, *_ in roster.cover]
    cover = rows.add_block(needed, needed)
    for nth, (on, which, *_) in enumerate(roster.cover):
        here = np.flatnonzero((day == on) & (shift == shifts.index(which)))
        rows.put(np.full(here.size, cover + nth), here, 1.0)
        rows.put(np.full(2, cover + nth), width + 2 * nth + np.arange(2), [1.0, -1.0])
    prices = np.array([prices for *_, few, many in roster.cover for prices in (few, many)], dtype=float)
    upper = np.concatenate([upper, np.full(prices.size, float(len(people)))])
    model = Model(rows.matrix(upper.size), *rows.limits(), upper, np.arange(upper.size) < count)
    return model, np.concatenate([goal, prices]), float(roster.granted)


def _limits(rows: RowBuilder, roster: StaffRoster, at, begin: dict[str, int], rest: int) -> None:
    """Hold rest, one shift a day, so many of each shift, so many days in a row, and minutes."""
    (person, day, shift), people = at, roster.contracts
    shifts, column = sorted(begin, key=begin.__getitem__), np.arange(at[0].size)
    slot, one_person = day * len(shifts) + shift, np.arange(roster.days * len(shifts))
    length = np.array([roster.minutes[name] for name in shifts])[shift]
    starts = np.array([begin[name] for name in shifts])[shift[one_person]] + DAY_MIN * day[one_person]

    def cap(chosen, most) -> None:
        rows.cap(person[chosen], column[chosen], np.broadcast_to(most, len(people)))

    for window in rest_windows(starts, starts + length[one_person], rest):
        cap(window[slot], 1)
    for one in range(roster.days):
        cap(day == one, 1)
    for nth, name in enumerate(shifts):
        cap(shift == nth, [contract.most[name] for contract in people])
    for most in {contract.most_days for contract in people}:
        bound = np.array([contract.most_days == most for contract in people])
        for first in range(roster.days - most):
            cap(bound[person] & (day >= first) & (day <= first + most), most)
    minutes = rows.add_block([one.most_minutes for one in people], [one.least_minutes for one in people])
    rows.put(minutes + person, column, length)


def _runs(rows: RowBuilder, roster: StaffRoster, person, day) -> None:
    """Forbid runs of days on and off that are too short, where both their ends are within the roster."""
    column = np.arange(person.size)
    for number, contract in enumerate(roster.contracts):
        worked = [column[(person == number) & (day == one)] for one in range(roster.days)]
        for is_on, least in ((True, contract.least_days), (False, contract.least_days_off)):
            sign = 1.0 if is_on else -1.0
            for length in range(1, least):
                for first in range(roster.days - length - 1):
                    run = np.concatenate(worked[first + 1 : first + 1 + length])
                    ends = np.concatenate([worked[first], worked[first + length + 1]])
                    row = rows.add_block([length - 1.0 if is_on else 1.0])
                    rows.put(np.full(run.size, row), run, sign)
                    rows.put(np.full(ends.size, row), ends, -sign)


def _weekends(rows: RowBuilder, roster: StaffRoster, at, first: int) -> int:
    """Count the weekends on which somebody works, in variables from ``first``; return the number after the last."""
    person, day = at
    weekends = roster.days // 7
    column = first + np.arange(len(roster.contracts) * weekends).reshape(-1, weekends)
    for one in range(roster.days):
        if one % 7 >= 5:
            here = np.flatnonzero(day == one)
            row = rows.add_block(np.zeros(len(roster.contracts)))
            rows.put(row + person[here], here, 1.0)
            rows.put(row + np.arange(len(column)), column[:, one // 7], -1.0)
    owner = np.repeat(np.arange(len(column)), weekends)
    rows.cap(owner, column.ravel(), [contract.weekends for contract in roster.contracts])
    return first + column.size
