"""Calls for volunteers: people to spare in grids without a team, asked to help the weak grids nearest to them.

A call is an invitation in a chat group. Nobody is listed by name as called, counted or ranked by whether they come
(DESIGN §9); only how often a *grid* was asked is remembered, so that the same one is not always asked first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.travel import Pairs
from services.i18n import Text, text
from services.rules.planning import span_text
from services.rules.windows import Window

CALL_SIZE: Final = 7
"""A call asks for a group of seven at most, then the next grid is asked."""
ROTATION_DAYS: Final = 90
"""How far back it is remembered that a grid was asked."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Call:
    """Persons one grid is asked for by another, both as positions."""

    giver: int
    receiver: int
    persons: int
    minutes: float


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call that was given out: a grid was asked for people for a window."""

    grid_code: str
    window: Window
    people: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the text of a call says. Names of places and a duty contact, no private persons."""

    giver: str
    receiver: str
    meeting_point: str
    """Empty where people come to the grid's own post."""
    window: Window
    persons: int
    skill: str
    """Empty where none is asked for."""
    task: str
    report_to: str
    """Whom to report to, with telephone."""
    minutes: float


def plan_calls(
    surplus: ArrayLike,
    gap: ArrayLike,
    reach: Pairs,
    times_asked: ArrayLike,
    *,
    last_asked: ArrayLike | None = None,
    priority: ArrayLike | None = None,
    call_size: int = CALL_SIZE,
) -> tuple[Call, ...]:
    """Return who is asked to help whom.

    Weak grids are served in turn, the largest gap (× priority) left first. Each call goes to a grid within reach with
    people to spare: the one asked least often (calls of this plan counted), of those the one that was not asked for
    longest (never comes first, a call of this plan last), then the nearest, then the first. A call asks for at most
    ``call_size``.

    Parameters
    ----------
    surplus, gap
        Persons that no team covers, shape (n,), NaN counts as none. Only whole persons to spare are asked for, a part
        of a person missing is a person missing.
    reach
        From giver to receiver, in minutes.
    times_asked
        How often each grid was asked lately (``count_past_calls``), shape (n,).
    last_asked
        When each was asked last, shape (n,), as any number that grows with time; NaN where never. Without it nobody
        was.
    priority
        Shape (n,); without it all count alike.
    call_size
        At least 1.

    Returns
    -------
    In the order in which they were decided; a giver and a receiver share one call at most unless no other giver
    has been asked as seldom.

    Examples
    --------
    Two grids 5 and 9 minutes away have 10 people each to spare; the near one was asked before:

    >>> reach = Pairs(np.array([1, 2]), np.array([0, 0]), np.array([5.0, 9.0]))
    >>> calls = plan_calls([0, 10, 10], [9, 0, 0], reach, [0, 1, 0])
    >>> [(call.giver, call.persons) for call in calls]
    [(2, 7), (1, 2)]
    """
    spare = np.floor(np.nan_to_num(np.asarray(surplus, dtype=np.float64)) + _ROUNDING).astype(np.int64)
    missing = np.ceil(np.nan_to_num(np.asarray(gap, dtype=np.float64)) - _ROUNDING).astype(np.int64)
    weight = np.ones(missing.size) if priority is None else np.asarray(priority, dtype=np.float64)
    asked = np.array(times_asked, dtype=np.int64)
    last = np.full(asked.size, -np.inf) if last_asked is None else _never_first(last_asked)
    near = _givers_by_receiver(reach)
    calls: list[Call] = []
    waiting = {receiver for receiver in near if missing[receiver] > 0}
    while waiting:
        receiver = min(waiting, key=lambda one: (-weight[one] * missing[one], one))
        able = [(asked[giver], last[giver], minutes, giver) for giver, minutes in near[receiver] if spare[giver] > 0]
        if not able:
            waiting.discard(receiver)
            continue
        *_, minutes, giver = min(able)
        persons = int(min(call_size, spare[giver], missing[receiver]))
        calls.append(Call(giver, receiver, persons, minutes))
        spare[giver] -= persons
        missing[receiver] -= persons
        asked[giver] += 1
        last[giver] = np.inf
        if missing[receiver] <= 0:
            waiting.discard(receiver)
    return tuple(calls)


def count_past_calls(past_calls: Iterable[PastCall], window: Window, now: datetime) -> Counter[str]:
    """Return how often each grid was asked in the last ``ROTATION_DAYS`` days for other windows than this one.

    What was given out for the window itself does not count, so that its list stays as it is while it is given out.

    Examples
    --------
    >>> day = datetime(2026, 11, 27)
    >>> tonight = Window(day.replace(hour=18), day.replace(hour=22))
    >>> before = PastCall("G1", Window(day.replace(hour=8), day.replace(hour=9)), 7, day)
    >>> count_past_calls([before, PastCall("G2", tonight, 7, day)], tonight, day)
    Counter({'G1': 1})
    """
    since = now - timedelta(days=ROTATION_DAYS)
    return Counter(asking.grid_code for asking in past_calls if asking.window != window and asking.at >= since)


def last_calls(past_calls: Iterable[PastCall]) -> dict[str, PastCall]:
    """Return the asking of each grid that was given out last; of several at one instant the last named."""
    return {asking.grid_code: asking for asking in sorted(past_calls, key=lambda asking: asking.at)}


def call_text(facts: CallFacts) -> tuple[Text, ...]:
    """Return the lines of a call for the chat group: where, when, how many, which skill, whom to report to."""
    place = f"{facts.receiver} {facts.meeting_point}".strip()
    lines = [
        text("Volunteers wanted, {giver}", giver=facts.giver),
        text("Where: {place} (about {minutes} min away)", place=place, minutes=round(facts.minutes)),
        text("When: {window}", window=span_text(facts.window)),
        text("How many: {persons}", persons=facts.persons),
        text("What for: {task}", task=facts.task) if facts.task else None,
        text("Skill: {skill}", skill=facts.skill) if facts.skill else None,
        text("Report to: {contact}", contact=facts.report_to),
        text("Coming is voluntary; please answer here so that we know when we are enough."),
    ]
    return tuple(line for line in lines if line)


def _never_first(last_asked: ArrayLike) -> NDArray[np.float64]:
    last = np.array(last_asked, dtype=np.float64)
    last[np.isnan(last)] = -np.inf
    return last


def _givers_by_receiver(reach: Pairs) -> Mapping[int, list[tuple[int, float]]]:
    near: dict[int, list[tuple[int, float]]] = {}
    for giver, receiver, minutes in zip(
        reach.origin.tolist(), reach.destination.tolist(), reach.cost.tolist(), strict=True
    ):
        if giver != receiver:
            near.setdefault(receiver, []).append((giver, minutes))
    return near
