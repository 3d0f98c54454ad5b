"""What a move would do to giver and receiver, and what a plan does to the district: nothing here writes but a drop."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

import numpy as np
import pandas as pd

from geo.scenario import NOWHERE, Flows, Totals, ZoneEffect, compare, effect_of_move, flows_of, sum_flows, total
from geo.schema import Layer
from services.context import Context
from services.coverage import SentPeople, balance_tables, coverage_tables, sum_gaps
from services.i18n import Text
from services.planning.drafts import read_plan
from services.planning.model import Move, Plan
from services.planning.moves import send
from services.planning.orders import sent_by_hour
from services.planning.snapshot import PlanningSnapshot, home_of, move_facts, planned_move, planned_moves
from services.planning.stale_moves import seen_now
from services.rules.planning import (
    Breach,
    Overrule,
    Rule,
    check_move,
    describe_breach,
    is_refused,
    sent_in_window,
    share_of,
)
from services.rules.windows import HOUR, Window

ASKED_FROM: Final = 3
"""So many people more than are missing are not sent without asking."""


@dataclass(frozen=True, slots=True)
class MovePreview:
    """One move, before it is let go."""

    move: Move
    """As it would stand in the plan."""
    giver_code: str
    """Home grid; empty where the team has none."""
    giver: ZoneEffect | None
    receiver: ZoneEffect | None
    """Need, supply, gap and surplus before and after; None for a grid that is not there."""
    minutes: float | None
    """On foot; None where nobody knows."""
    uncounted: int
    """How many of those who go the giver does not count among its members: they cost it nothing."""
    breaches: tuple[Breach, ...]
    """Rules the move breaks and was not overruled for."""

    @property
    def is_allowed(self) -> bool:
        """Whether it can be dropped as it is."""
        return not self.breaches

    @property
    def needs_reason(self) -> bool:
        """Whether it can be dropped if the planner says why."""
        return bool(self.breaches) and not is_refused(self.breaches)

    @property
    def missing(self) -> float:
        """Persons missing where it leads, without it; 0 where nobody is."""
        gap = self.receiver.gap_before if self.receiver else 0.0
        return 0.0 if np.isnan(gap) else gap

    @property
    def excess(self) -> int:
        """How many more people it brings than are missing."""
        there = self.receiver.supply_after - self.receiver.supply_before if self.receiver else 0.0
        return max(int(np.floor(there - ceil(self.missing - 1e-9) + 1e-9)), 0)

    @property
    def is_excessive(self) -> bool:
        """Whether it brings so many more than are missing (``ASKED_FROM``) that the planner is asked."""
        return self.excess >= ASKED_FROM

    @property
    def breach_texts(self) -> tuple[Text, ...]:
        """The broken rules, a sentence each."""
        return tuple(describe_breach(breach) for breach in self.breaches)


@dataclass(frozen=True, slots=True)
class DropResult:
    """What came of a drop."""

    plan: Plan
    preview: MovePreview
    """Where it is not allowed, or exceeds what is missing and may not, the plan is as it was."""


@dataclass(frozen=True)
class PlanFigures:
    """A plan in figures, to be compared side by side. Persons are means over the window."""

    before: Totals
    """With everybody already sent, without the plan."""
    after: Totals
    people: int
    """People whom the plan sends."""
    worst_code: str
    """Grid with the lowest coverage ratio after the plan; empty where none has a ratio."""
    worst_name: str
    by_hour: pd.DataFrame
    """``start end before after``: persons missing in each hour of the window without and with the plan."""


def preview(snapshot: PlanningSnapshot, plan: Plan, move: Move, *, instead_of: str = "") -> MovePreview:
    """Return what a move would do on top of a plan, and the rules it breaks.

    The whole team leaves where the plan had it go; a part goes besides, or in place of the move to the grid
    ``instead_of`` (``services.planning.send``). Rules named in
    ``move.overruled`` are passed over where ``move.reason`` says why.
    """
    others = [other for other in plan.moves if not _gives_way(snapshot, other, move, instead_of)]
    staying = replace(plan, moves=tuple(others))
    home, receiver = home_of(snapshot, move.team_code), snapshot.position(move.grid_code)
    giver = NOWHERE if home is None else snapshot.position(home)
    effect = None
    if receiver != NOWHERE:
        supply = snapshot.grids["supply"].to_numpy(dtype=np.float64) + _balance(snapshot, staying)
        need = snapshot.grids["need"].to_numpy(dtype=np.float64)
        effect = effect_of_move(
            need,
            supply,
            giver,
            receiver,
            snapshot.attendance * move.people,
            leaving=snapshot.home_loss(move.team_code, move.people),
        )
    minutes = snapshot.minutes(move.team_code, move.grid_code)
    wanted = effect.receiver.need if effect and effect.receiver else None
    seen = seen_now(snapshot, move.team_code, move.grid_code)
    return MovePreview(
        move=replace(move, need=wanted, home_code=home or "", seen=seen),
        giver_code=home or "",
        giver=effect.giver if effect else None,
        receiver=effect.receiver if effect else None,
        minutes=minutes,
        uncounted=snapshot.uncounted(move.team_code, move.people) if home else 0,
        breaches=_breaches(snapshot, staying, move, minutes),
    )


def drop(
    context: Context,
    snapshot: PlanningSnapshot,
    plan_id: int,
    move: Move,
    *,
    event_id: str,
    instead_of: str = "",
    may_exceed: bool = True,
) -> DropResult:
    """Put a move into a draft unless it breaks a rule; where ``preview.needs_reason``, drop it again with a reason.

    Where it may not exceed what is missing and does (``preview.is_excessive``), the plan stays as it is too.

    To overrule: ``replace(move, overruled=tuple(b.rule for b in preview.breaches), reason="…")``.

    Raises
    ------
    UnknownPlanError, PlanClosedError
        If there is no such draft.
    UnknownTeamError, UnknownTargetError, WrongCountError
        If the data changed since the snapshot was made.
    """
    plan = read_plan(context, plan_id)
    seen = preview(snapshot, plan, move, instead_of=instead_of)
    if not seen.is_allowed or (seen.is_excessive and not may_exceed):
        return DropResult(plan, seen)
    return DropResult(send(context, plan_id, seen.move, event_id=event_id, instead_of=instead_of), seen)


def sent_with_plan(snapshot: PlanningSnapshot, plan: Plan) -> SentPeople:
    """Return who is sent in the snapshot's window with the plan: orders and moves together."""
    return _add(snapshot.sent, _sent_by_plan(snapshot, plan, snapshot.window))


def tables_with_plan(snapshot: PlanningSnapshot, plan: Plan) -> dict[Layer, pd.DataFrame]:
    """Return the coverage tables of the snapshot's window as they would be with the plan."""
    return coverage_tables(snapshot.coverage_inputs, snapshot.mode, snapshot.window, sent_with_plan(snapshot, plan))


def balances_with_plan(snapshot: PlanningSnapshot, plan: Plan) -> dict[Layer, pd.DataFrame]:
    """Return need and supply of every level as they would be with the plan (``services.coverage.balance_tables``)."""
    return balance_tables(snapshot.coverage_inputs, snapshot.mode, snapshot.window, sent_with_plan(snapshot, plan))


def figures_of(snapshot: PlanningSnapshot, plan: Plan) -> PlanFigures:
    """Return a plan in figures; the snapshot must be of the plan's window and mode."""
    before, after = compare_plan(snapshot, plan)
    worst = "" if after.worst == NOWHERE else str(snapshot.grids.index[after.worst])
    return PlanFigures(
        before=before,
        after=after,
        people=sum(move.people for move in plan.moves),
        worst_code=worst,
        worst_name=snapshot.name(worst) if worst else "",
        by_hour=_by_hour(snapshot, plan),
    )


def compare_plan(snapshot: PlanningSnapshot, plan: Plan) -> tuple[Totals, Totals]:
    """Return the totals without and with a plan; the snapshot must be of the plan's window and mode."""
    need, supply = (snapshot.grids[name].to_numpy(dtype=np.float64) for name in ("need", "supply"))
    flows = flows_of_plan(snapshot, plan)
    change = compare(need, supply, flows)
    return total(change.before, flows_of([], [], [])), total(change.after, flows)


def flows_of_plan(snapshot: PlanningSnapshot, plan: Plan) -> Flows:
    """Return the moves of a plan as arrays for ``geo.scenario``; a grid that is gone is ``NOWHERE``."""
    moves = planned_moves(snapshot, plan)
    minutes = [snapshot.minutes(move.team, move.receiver) for move in moves]
    return flows_of(
        snapshot.grids.index.get_indexer(pd.Index([move.giver or "" for move in moves], dtype="str")),
        snapshot.grids.index.get_indexer(pd.Index([move.receiver for move in moves], dtype="str")),
        [move.persons for move in moves],
        [np.nan if m is None else m for m in minutes],
        leaving=[snapshot.home_loss(move.team, move.persons) for move in moves],
        attendance=snapshot.attendance,
    )


def travel_minutes(snapshot: PlanningSnapshot, plan: Plan) -> dict[tuple[str, str], float]:
    """Return the walking minutes of the moves of a plan that are known, by team and grid, for ``commit_plan``."""
    known = {move.key: snapshot.minutes(*move.key) for move in plan.moves}
    return {key: minutes for key, minutes in known.items() if minutes is not None}


def _gives_way(snapshot: PlanningSnapshot, other: Move, move: Move, instead_of: str) -> bool:
    """Tell whether a move of the plan is replaced by another one."""
    if other.team_code != move.team_code:
        return False
    team = snapshot.teams.get(move.team_code)
    return other.grid_code in {move.grid_code, instead_of} or team is None or move.people >= team.size


def _balance(snapshot: PlanningSnapshot, plan: Plan) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    arriving, leaving = sum_flows(flows_of_plan(snapshot, plan), len(snapshot.grids))
    return arriving - leaving


def _breaches(snapshot: PlanningSnapshot, staying: Plan, move: Move, minutes: float | None) -> tuple[Breach, ...]:
    overruled = tuple(Overrule(Rule(rule), move.reason) for rule in move.overruled)
    wanted = planned_move(snapshot, move, staying.window, overruled)
    others = planned_moves(snapshot, staying)
    grids = {move.grid_code, wanted.giver or "", *(o.to_code for o in snapshot.orders), *(o.receiver for o in others)}
    return check_move(wanted, minutes, move_facts(snapshot, staying.settings, others, move.team_code, grids))


def _by_hour(snapshot: PlanningSnapshot, plan: Plan) -> pd.DataFrame:
    hours = _hours(snapshot.window)
    before = sent_by_hour(snapshot.orders, hours)
    after = [_add(sent, _sent_by_plan(snapshot, plan, hour)) for sent, hour in zip(before, hours, strict=True)]
    return pd.DataFrame(
        {
            "start": [hour.start for hour in hours],
            "end": [hour.end for hour in hours],
            "before": sum_gaps(snapshot.coverage_inputs, snapshot.mode, hours, before),
            "after": sum_gaps(snapshot.coverage_inputs, snapshot.mode, hours, after),
        }
    )


def _sent_by_plan(snapshot: PlanningSnapshot, plan: Plan, window: Window) -> SentPeople:
    share = share_of(plan.window, window)
    at_estates: dict[str, float] = defaultdict(float)
    for move in plan.moves:
        if move.estate_code:
            at_estates[move.estate_code] += move.people * share
    return SentPeople(*sent_in_window(planned_moves(snapshot, plan), window), at_estates)


def _add(one: SentPeople, other: SentPeople) -> SentPeople:
    at_estates = _sum(one.at_estates, other.at_estates)
    return SentPeople(_sum(one.arriving, other.arriving), _sum(one.leaving, other.leaving), at_estates)


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {code: one.get(code, 0.0) + other.get(code, 0.0) for code in {**one, **other}}


def _hours(window: Window) -> list[Window]:
    """Return the clock hours of a window, the first and the last cut to it."""
    hours, start = [], window.start
    while start < window.end:
        end = min(start.replace(minute=0, second=0, microsecond=0) + HOUR, window.end)
        hours.append(Window(start, end))
        start = end
    return hours
