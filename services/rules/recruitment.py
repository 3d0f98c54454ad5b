"""Calls for volunteers: people to spare in grids without a team, asked to help the weak grids nearest to them.

A call is an invitation in a chat group. Nobody is listed by name as called, counted or ranked by whether they come
(DESIGN §9); only how often a *grid* was asked is remembered, so that the same one is not always asked first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from geo.travel import Pairs
from services.i18n import Text, text
from services.rules.planning import span_text
from services.rules.windows import Window

CALL_SIZE: Final = 7
"""A call asks for a group of seven at most, then the next grid is asked."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Call:
    """Persons one grid is asked for by another, both as positions."""

    giver: int
    receiver: int
    persons: int
    minutes: float


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
    priority: ArrayLike | None = None,
    call_size: int = CALL_SIZE,
) -> tuple[Call, ...]:
    """Return who is asked to help whom.

    Weak grids are served in turn, the largest gap (× priority) left first. Each call goes to the grid within reach with
    people to spare that was asked least often (calls of this plan counted), the nearest of equals, then the first. A
    call asks for at most ``call_size``.

    Parameters
    ----------
    surplus, gap
        Persons that no team covers, shape (n,), NaN counts as none. Only whole persons to spare are asked for, a part
        of a person missing is a person missing.
    reach
        From giver to receiver, in minutes.
    times_asked
        How often each grid was asked lately, shape (n,).
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
    near = _givers_by_receiver(reach)
    calls: list[Call] = []
    waiting = {receiver for receiver in near if missing[receiver] > 0}
    while waiting:
        receiver = min(waiting, key=lambda one: (-weight[one] * missing[one], one))
        able = [(asked[giver], minutes, giver) for giver, minutes in near[receiver] if spare[giver] > 0]
        if not able:
            waiting.discard(receiver)
            continue
        _, minutes, giver = min(able)
        persons = int(min(call_size, spare[giver], missing[receiver]))
        calls.append(Call(giver, receiver, persons, minutes))
        spare[giver] -= persons
        missing[receiver] -= persons
        asked[giver] += 1
        if missing[receiver] <= 0:
            waiting.discard(receiver)
    return tuple(calls)


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


def _givers_by_receiver(reach: Pairs) -> Mapping[int, list[tuple[int, float]]]:
    near: dict[int, list[tuple[int, float]]] = {}
    for giver, receiver, minutes in zip(
        reach.origin.tolist(), reach.destination.tolist(), reach.cost.tolist(), strict=True
    ):
        if giver != receiver:
            near.setdefault(receiver, []).append((giver, minutes))
    return near
