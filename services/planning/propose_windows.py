"""A proposal for several windows at once: who serves where and when, with enough rest, and no way walked twice."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from geo import optimise
from geo.optimise import CrewLimits, Goal, Progress, StopReason, WindowsProblem
from services.context import Context
from services.i18n import translate
from services.planning.drafts import create_plan
from services.planning.errors import JointWindowsError
from services.planning.model import Plan, PlanSettings, PlanState
from services.planning.moves import accept_all
from services.planning.orders import Order
from services.planning.propose import PlanProposal, answer_of, state_problem, weights_of
from services.planning.snapshot import PlanningSnapshot
from services.rules.rest import MOST_WINDOWS, ways_to_serve
from services.rules.windows import HOUR, Window
from services.wording import short_time

WINDOWS_SECONDS: Final = 30.0
"""When to stop at the latest."""


@dataclass(frozen=True, slots=True)
class WindowAnswer:
    """What is proposed for one of several windows."""

    plan: Plan
    """For which it was looked for: its pinned moves and settings."""
    proposal: PlanProposal

    @property
    def window(self) -> Window:
        """When."""
        return self.plan.window

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return self.window.length / HOUR

    @property
    def missing_before(self) -> float:
        """Person-hours missing with the pinned moves only."""
        return self.proposal.missing_before * self.hours

    @property
    def missing(self) -> float:
        """Person-hours missing with the proposal."""
        return self.proposal.missing * self.hours


@dataclass(frozen=True, slots=True)
class JointProposal:
    """What could be done in several windows; nothing is written until each of their plans accepts its part."""

    answers: tuple[WindowAnswer, ...]
    """In their order in time."""
    hours: Mapping[str, float]
    """The most hours that anybody of a team serves in these windows, by code of team; of those who serve in any."""
    cost: Goal
    ended: StopReason
    seconds: float

    @property
    def most_hours(self) -> float:
        """The most hours that anybody serves."""
        return max(self.hours.values(), default=0.0)


def sketch_plan(snapshot: PlanningSnapshot, settings: PlanSettings) -> Plan:
    """Return an empty plan of the window and mode of a snapshot, of which nothing is written."""
    now, when = snapshot.now, (snapshot.window, snapshot.mode)
    return Plan(0, "", PlanState.DRAFT, *when, settings, {}, (), 0, 0, 0, now, "", now, "")


def check_windows(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Return windows that can be planned together, in their order in time; one given twice counts once.

    Raises
    ------
    JointWindowsError
        If they are too many, none, or overlap.
    """
    known = tuple(sorted(set(windows)))
    is_apart = all(one.end <= other.start for one, other in pairwise(known))
    if not 1 <= len(known) <= MOST_WINDOWS or not is_apart:
        raise JointWindowsError(MOST_WINDOWS)
    return known


def propose_windows(
    snapshots: Sequence[PlanningSnapshot],
    plans: Sequence[Plan],
    *,
    seconds: float = WINDOWS_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _: None,
) -> JointProposal:
    """Return moves that close the gaps of several windows as far as possible, each beside the pinned moves of its plan.

    Parameters
    ----------
    snapshots
        Of the windows of the plans, in the same order; of one district and time.
    plans
        One for each window, in their order in time (``check_windows``). The settings of the first hold for all; the
        skills that grids ask for are each plan's own.
    seconds, is_cancelled, report
        As ``propose_plan`` takes them.
    """
    asked = [replace(plan, settings=_settings(plans[0].settings, plan.settings)) for plan in plans]
    problems = tuple(state_problem(snapshot, plan) for snapshot, plan in zip(snapshots, asked, strict=True))
    windows = [plan.window for plan in asked]
    found = optimise.propose_windows(
        WindowsProblem(
            problems,
            tuple(window.length / HOUR for window in windows),
            tuple(nth > 0 and windows[nth - 1].end == window.start for nth, window in enumerate(windows)),
            _crew_limits(snapshots, asked, windows),
        ),
        weights_of(asked[0].settings),
        seconds=seconds,
        is_cancelled=is_cancelled,
        report=report,
    )
    answers = tuple(
        WindowAnswer(plan, answer_of(snapshot, plan, problem, one))
        for snapshot, plan, problem, one in zip(snapshots, asked, problems, found.windows, strict=True)
    )
    codes = list(snapshots[0].teams)
    hours = {
        codes[team]: max((sum(answers[nth].hours for nth in crew.windows) for crew in crews), default=0.0)
        for team, crews in found.crews.items()
    }
    served = {code: most for code, most in hours.items() if most > 0}
    return JointProposal(answers, served, found.cost, found.ended, found.seconds)


def accept_windows(context: Context, proposal: JointProposal, *, event_id: str, name: str = "") -> tuple[Plan, ...]:
    """Put a proposal into the plans of its windows, each a change of its own; return them as they stand then.

    Plans that are not there yet are made, with the settings the proposal was looked for with; with a name they are
    called by it and their window. A second call with the same event changes nothing.

    Raises
    ------
    PastWindowError
        If one of the windows is over.
    UnknownTeamError, UnknownTargetError, WrongCountError
        If the data changed since the proposal was made, so that it cannot be put in.
    """
    accepted = []
    for nth, answer in enumerate(proposal.answers):
        plan = answer.plan
        if not plan.id:
            title = translate("{name}, {start}", name=name.strip(), start=short_time(plan.window.start))
            plan = create_plan(
                *(context, plan.window, plan.mode),
                event_id=f"{event_id}-{nth}-new",
                name=title if name.strip() else "",
                settings=plan.settings,
            )
        accepted.append(accept_all(context, plan.id, answer.proposal.moves, event_id=f"{event_id}-{nth}"))
    return tuple(accepted)


def _settings(first: PlanSettings, own: PlanSettings) -> PlanSettings:
    return replace(first, skills=own.skills)


def _crew_limits(snapshots: Sequence[PlanningSnapshot], plans: Sequence[Plan], windows: Sequence[Window]) -> CrewLimits:
    """Return in which windows the people of each team may serve beside their orders and the pinned moves."""
    orders: dict[int, Order] = {order.id: order for snapshot in snapshots for order in snapshot.orders_around}
    services: dict[str, list[tuple[Window, int]]] = defaultdict(list)
    for order in orders.values():
        services[order.team_code].append((Window(order.start, order.until), order.people))
    for plan in plans:
        for move in plan.moves:
            if move.pinned:
                services[move.team_code].append((plan.window, move.people))
    rows = [
        (position, float(people), choices)
        for position, team in enumerate(snapshots[0].teams.values())
        for choices, people in ways_to_serve(services[team.code], team.size, windows).items()
    ]
    if not rows:
        return CrewLimits((), (), ())
    team_of, people_of, choices_of = zip(*rows, strict=True)
    return CrewLimits(team_of, people_of, choices_of)
