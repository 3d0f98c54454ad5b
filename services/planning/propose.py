"""A proposal for a plan: what ``geo.optimise`` finds, in codes and sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo import optimise
from geo.arrays import Floats
from geo.coverage import is_short
from geo.optimise import Goal, Pins, ProblemData, Progress, StopReason, Weights
from geo.schema import Layer
from geo.travel import Pairs
from services.i18n import Text
from services.planning.model import Move, Plan, PlanSettings, Source
from services.planning.snapshot import DIVISIBLE_KINDS, PlanningSnapshot, floor_of, floor_share
from services.planning.stale_moves import seen_now
from services.rules.planning import describe_move, describe_open

DEFAULT_SECONDS: Final = 20.0
ALIKE: Final = (1.0,)
"""What a person missing counts where all count alike."""
NEARLY_NOBODY: Final = 0.1
"""A grid of which less than this share of the need is met has next to nobody."""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A grid that stays short, and why."""

    grid_code: str
    grid_name: str
    missing: float
    """Persons."""
    reason: Text


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """What could be done; nothing is written until ``accept_all`` or ``accept_some``."""

    moves: tuple[Move, ...]
    """New moves, without the pinned ones, those that close most first; ``why`` is the reason of each in one line."""
    open: tuple[OpenLine, ...]
    """The largest gap first."""
    before: float
    """The cost with the pinned moves only: persons missing, weighted by grid and by how much of its need is missing."""
    cost: Goal
    """The same with the plan, people sent and their ways counted in."""
    missing_before: float
    """Persons, each counted once."""
    missing: float
    travel: float
    """Person-minutes."""
    bare_before: int
    """Grids of whose need less than a tenth is met."""
    bare: int
    floor_share: float
    """The share of its need that a lender keeps."""
    ended: StopReason
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better."""
        return self.cost.is_proven


def propose_plan(
    snapshot: PlanningSnapshot,
    plan: Plan,
    *,
    seconds: float = DEFAULT_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _: None,
) -> PlanProposal:
    """Return moves that close the gaps of the plan's window as far as possible, beside its pinned moves.

    Teams are called out at home or sent to others; of teams that may be split whoever is not sent yet can go. A search
    that is cancelled or out of time returns the best plan so far and says so (``ended``).

    Parameters
    ----------
    snapshot
        Of the plan's window and mode.
    plan
        Its pinned moves stay, its settings hold; its other moves are thought over again.
    seconds
        When to stop at the latest.
    is_cancelled
        Asked often.
    report
        Told of every step, in the calling thread.
    """
    problem = state_problem(snapshot, plan)
    weights = weights_of(plan.settings)
    found = optimise.propose(problem, weights, seconds=seconds, is_cancelled=is_cancelled, report=report)
    return answer_of(snapshot, plan, problem, found)


def answer_of(
    snapshot: PlanningSnapshot, plan: Plan, problem: ProblemData, proposal: optimise.Proposal
) -> PlanProposal:
    """Return what was found for a plan in codes and sentences."""
    codes = list(snapshot.teams)
    grids, need, supply = snapshot.grids.index, problem.grids.need, _supply_after(problem, proposal.moves)
    pinned = _supply_after(problem, proposal.moves[: problem.pins.team.size])
    missing = need - supply
    new = sorted(proposal.moves[problem.pins.team.size :], key=lambda move: move.gap_with - move.gap_without)
    limit = plan.settings.reach_minutes
    return PlanProposal(
        moves=tuple(_move(snapshot, codes[move.team], str(grids[move.receiver]), move) for move in new),
        open=tuple(
            _open_line(snapshot, plan.settings, str(grids[line.grid]), replace(line, missing=missing[line.grid]), limit)
            for line in proposal.open
            if is_short(missing[line.grid])
        ),
        before=proposal.before,
        cost=proposal.cost,
        missing_before=proposal.missing_before,
        missing=proposal.missing,
        travel=proposal.travel,
        bare_before=_count_bare(need, pinned),
        bare=_count_bare(need, supply),
        floor_share=floor_share(snapshot, plan.settings),
        ended=proposal.ended,
        seconds=proposal.seconds,
    )


def plan_with(plan: Plan, proposal: PlanProposal) -> Plan:
    """Return a plan as it would be with all of a proposal accepted: its pinned moves and the new ones."""
    return replace(plan, moves=(*(move for move in plan.moves if move.pinned), *proposal.moves))


def weights_of(settings: PlanSettings) -> Weights:
    """Return what counts against a plan by its settings."""
    quarters = Weights().quarters if settings.is_rising else ALIKE
    return Weights(quarters, settings.person_price, settings.minute_price, settings.part_price)


def state_problem(snapshot: PlanningSnapshot, plan: Plan) -> ProblemData:
    """Return what is asked of ``geo.optimise``: grids and teams are in the order of the snapshot's."""
    settings, need = plan.settings, snapshot.grids["need"].to_numpy(dtype=np.float64)
    asked = tuple(frozenset(settings.skills.get(str(code), ())) for code in snapshot.grids.index)
    grids = optimise.make_grids(
        need,
        snapshot.grids["supply"].to_numpy(dtype=np.float64),
        floor=floor_of(snapshot, settings),
        priority=_priority(snapshot, settings),
        skills=asked,
    )
    teams = list(snapshot.teams.values())
    home = np.array([snapshot.position(team.home_code) for team in teams], dtype=np.intp)
    free = [max(team.size - snapshot.unavailable.get(team.code, 0), 0) * (home[k] >= 0) for k, team in enumerate(teams)]
    made = optimise.make_teams(
        home,
        [team.size for team in teams],
        leaving=[snapshot.home_loss(team.code, team.size) for team in teams],
        skills=[frozenset(team.skills) for team in teams],
        free=free,
        is_divisible=[team.kind in DIVISIBLE_KINDS for team in teams],
    )
    reach, pins = _reach(snapshot, settings, home), _pins(snapshot, plan)
    stood = _stood(snapshot)
    return optimise.make_problem(grids, made, reach, pins, attendance=snapshot.attendance, stood=stood)


def _supply_after(problem: ProblemData, moves: Sequence[optimise.ProposedMove]) -> Floats:
    """Return the supply of the grids with some moves made, shape (n,), as the map counts it."""
    teams, supply = problem.teams, problem.grids.supply.copy()
    share = np.divide(teams.leaving, teams.size, out=np.zeros(len(teams.size)), where=teams.size > 0)
    for move in moves:
        supply[move.receiver] += problem.attendance * move.persons
        if move.giver >= 0:
            supply[move.giver] -= share[move.team] * move.persons
    return supply


def _count_bare(need: Floats, supply: Floats) -> int:
    """Return how many grids have next to nobody."""
    return int(((need > 0) & (supply < NEARLY_NOBODY * need)).sum())


def _reach(snapshot: PlanningSnapshot, settings: PlanSettings, home: NDArray[np.intp]) -> Pairs:
    limit = settings.reach_minutes
    near = (
        snapshot.travel_times
        if limit <= snapshot.walks_limit
        else snapshot.coverage_inputs.travel_times.within(snapshot.homes, limit)
    )
    here = near.cost <= limit
    return optimise.reach_of_teams(Pairs(near.origin[here], near.destination[here], near.cost[here]), home)


def _priority(snapshot: PlanningSnapshot, settings: PlanSettings) -> NDArray[np.float64]:
    estates = snapshot.coverage_inputs.levels[Layer.ESTATES]
    where = estates.parent[snapshot.coverage_inputs.estates["mixed"].to_numpy(dtype=bool)]
    priority = np.ones(len(snapshot.grids))
    priority[where[where >= 0]] = settings.mixed_priority
    return priority


def _pins(snapshot: PlanningSnapshot, plan: Plan) -> Pins:
    row = {code: k for k, code in enumerate(snapshot.teams)}
    pinned = [m for m in plan.moves if m.pinned and m.team_code in row and snapshot.position(m.grid_code) >= 0]
    return Pins(
        np.array([row[move.team_code] for move in pinned], dtype=np.intp),
        np.array([snapshot.position(move.grid_code) for move in pinned], dtype=np.intp),
        np.array([move.people for move in pinned], dtype=np.float64),
    )


def _stood(snapshot: PlanningSnapshot) -> Pins:
    """Return who stands where by orders that end as the window begins, and may go on serving.

    Those who need rest are taken to be among them.
    """
    row, rows = {code: k for k, code in enumerate(snapshot.teams)}, []
    for order in snapshot.orders_around:
        people = order.people - snapshot.unavailable.get(order.team_code, 0)
        at = snapshot.position(order.to_code)
        if order.until == snapshot.window.start and order.team_code in row and at >= 0 and people > 0:
            rows.append((row[order.team_code], at, people))
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Pins(table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2])


def _move(snapshot: PlanningSnapshot, team_code: str, grid_code: str, found: optimise.ProposedMove) -> Move:
    spare = None if np.isnan(found.giver_surplus) else max(found.giver_surplus, 0.0)
    minutes = None if np.isnan(found.minutes) else found.minutes
    return Move(
        team_code,
        grid_code,
        round(found.persons),
        source=Source.PROPOSAL,
        why=describe_move(found.why, found.gap_without, found.gap_with, minutes, spare),
        home_code=snapshot.teams[team_code].home_code,
        need=snapshot.figures(grid_code)[0],
        seen=seen_now(snapshot, team_code, grid_code),
    )


def _open_line(
    snapshot: PlanningSnapshot, settings: PlanSettings, grid_code: str, line: optimise.OpenGrid, limit_minutes: float
) -> OpenLine:
    skills = frozenset(settings.skills.get(grid_code, ()))
    said = describe_open(line.why, limit_minutes=limit_minutes, skills=skills)
    return OpenLine(grid_code, snapshot.name(grid_code), line.missing, said)
