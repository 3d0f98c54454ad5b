"""Calls for volunteers in turn: whom to ask for a window, noting that they were asked, and when each was last."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.schema import Layer
from geo.travel import Pairs
from services.catalog.actions import Action
from services.clock import seconds_of
from services.context import Context, Work
from services.coverage.travel_times import TravelTimes
from services.planning.model import Move, iso
from services.planning.snapshot import PlanningSnapshot, team_table
from services.rules.recruitment import ROTATION_DAYS, Call, PastCall, count_past_calls, last_calls, plan_calls
from services.rules.windows import Window
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class RecentCalls:
    """The calls that were given out lately, as one window looks at them."""

    times: Mapping[str, int]
    """How often each grid was asked for other windows, by code."""
    before: Mapping[str, PastCall]
    """The last asking of each grid for another window."""
    given_out: Mapping[str, PastCall]
    """What was given out for this window itself."""


NOBODY_ASKED = RecentCalls({}, {}, {})


def read_askings(context: Context, window: Window) -> RecentCalls:
    """Return which grids of the actor's area were asked in the last ``ROTATION_DAYS`` days, seen from a window."""
    now = context.clock()
    with context.look(Action.PLAN) as tx:
        scope = context.scope_in(tx)
        rows = [
            row
            for row in tx.calls.read_calls(iso(now - timedelta(days=ROTATION_DAYS)))
            if scope.holds(Layer.GRIDS, row["grid_code"])
        ]
    askings = [
        PastCall(row["grid_code"], _window(row), row["people"], datetime.fromisoformat(row["at"])) for row in rows
    ]
    others = [asking for asking in askings if asking.window != window]
    mine = {asking.grid_code: asking for asking in askings if asking.window == window}
    return RecentCalls(count_past_calls(askings, window, now), last_calls(others), mine)


def find_calls(
    snapshot: PlanningSnapshot,
    grids: pd.DataFrame,
    moves: Collection[Move],
    reach_minutes: float,
    recent_calls: RecentCalls = NOBODY_ASKED,
) -> tuple[Call, ...]:
    """Return whom to ask for whom, as positions of the snapshot's grids, by the rule of ``plan_calls``.

    Parameters
    ----------
    snapshot
        Of the window.
    grids
        Need and supply of the grids with the moves made (``balances_with_plan``).
    moves
        Those of the plan. People in teams that are free at home are to be sent, not called.
    reach_minutes
        How far people walk at most, along the roads as teams do (``services.coverage.travel_times``).
    recent_calls
        Who was asked before.
    """
    spare = grids["surplus"].to_numpy(dtype=np.float64) - _in_teams(snapshot, moves)
    gap = grids["gap"].to_numpy(dtype=np.float64)
    codes = [str(code) for code in snapshot.grids.index]
    before = recent_calls.before
    return plan_calls(
        spare,
        gap,
        _ways(snapshot.coverage_inputs.travel_times, spare >= 1, gap > 0, reach_minutes),
        [recent_calls.times.get(code, 0) for code in codes],
        last_asked=[seconds_of(before[code].at) if code in before else np.nan for code in codes],
    )


@use_case(Action.PLAN, "calls")
def give_out(work: Work, window: Window, people: Mapping[str, int]) -> int:
    """Note that grids were asked for people for a window; return how many had not been asked for it before.

    A grid is asked for a window once, however often its call is given out: the first time stays and the largest number
    of people is kept.

    Parameters
    ----------
    work
        Who gives it out.
    window
        For when.
    people
        Persons asked of each grid, by code, over all its calls of the window.

    Raises
    ------
    OutsideAreaError
        If any grid is outside the actor's area.
    """
    work.scope.require(Layer.GRIDS, people)
    row = {"start": iso(window.start), "end": iso(window.end), "at": work.at, "actor": work.actor.name}
    new = sum(work.tx.calls.put_call(grid_code=code, people=asked, **row) for code, asked in people.items())
    work.note(grids=len(people), people=sum(people.values()), new=new)
    return new


def people_asked(snapshot: PlanningSnapshot, calls: Collection[Call]) -> dict[str, int]:
    """Return how many persons each grid is asked for by calls together, by code, in the order of the calls."""
    people: dict[str, int] = {}
    for call in calls:
        code = str(snapshot.grids.index[call.giver])
        people[code] = people.get(code, 0) + call.persons
    return people


def _ways(travel_times: TravelTimes, giving: NDArray[np.bool_], weak: NDArray[np.bool_], limit_minutes: float) -> Pairs:
    """Return the ways from grids with people to spare, looked for from the side with fewer grids.

    A way back is as long as the way there.
    """
    givers, receivers = np.flatnonzero(giving).tolist(), np.flatnonzero(weak).tolist()
    if len(givers) <= len(receivers):
        return travel_times.within(givers, limit_minutes)
    back = travel_times.within(receivers, limit_minutes)
    return Pairs(back.destination, back.origin, back.cost)


def _in_teams(snapshot: PlanningSnapshot, moves: Collection[Move]) -> NDArray[np.float64]:
    """Return how many of the people each grid counts stand in teams that can still be sent."""
    planned: dict[str, int] = {}
    for move in moves:
        planned[move.team_code] = planned.get(move.team_code, 0) + move.people
    people = np.zeros(len(snapshot.grids))
    for code, row in team_table(snapshot).iterrows():
        home = snapshot.position(row["home_code"])
        if home >= 0:
            people[home] += snapshot.home_loss(str(code), max(row["free"] - planned.get(str(code), 0), 0))
    return people


def _window(row: Mapping[str, str]) -> Window:
    return Window(datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]))
