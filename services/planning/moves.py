"""What a planner does with the moves of a draft: send, take back, clear, pin, accept a proposal."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from geo.schema import Layer
from services.context import Context, Transaction
from services.planning.drafts import take_step
from services.planning.errors import NotInPlanError, UnknownTargetError, UnknownTeamError, WrongCountError
from services.planning.lookups import Team, fetch_places, fetch_teams
from services.planning.model import Move, Plan, Step, StepKind
from services.rules.areas import Scope

MoveKey = tuple[str, str]
"""Codes of a team and a grid."""
_Test = Callable[[Move], bool]


def send(context: Context, plan_id: int, move: Move, *, event_id: str, instead_of: str = "") -> Plan:
    """Put a move into a draft.

    The whole team: its other moves are taken out. A part: it goes besides the team's other moves, and in place of
    its move to the same grid and of the one to the grid ``instead_of``, from where it is sent on; where too few people
    would be left for it, it is refused.

    Raises
    ------
    UnknownTeamError, UnknownTargetError
        If the team, the grid or the estate is not there (any more).
    WrongCountError
        If the team has no people or fewer than are sent.
    OutsideAreaError
        If the team, its home or the grid is outside the actor's area.
    """

    def make(tx: Transaction, plan: Plan) -> Step | None:
        team = _team(fetch_teams(tx, [move.team_code]), move.team_code)
        check_targets(tx, [move])
        require_moves(context.scope_in(tx), [move])
        others = [m for m in plan.moves_of(move.team_code) if m.grid_code != move.grid_code]
        gone = [m for m in others if move.people >= team.size or m.grid_code == instead_of]
        busy = sum(m.people for m in others if m not in gone)
        if not 1 <= move.people <= team.size - busy:
            raise WrongCountError(team.name, move.people, team.size - busy)
        before, wanted = plan.find(*move.key), replace(move, home_code=team.home_code)
        if before == wanted:
            return None
        return Step(StepKind.SEND, (*gone, *([before] if before else [])), (wanted,))

    return take_step(context, plan_id, event_id, make)


def take_back(context: Context, plan_id: int, team_code: str, *, event_id: str, grid_code: str = "") -> Plan:
    """Take a team's move to a grid out of a draft; without a grid, all its moves.

    Raises
    ------
    NotInPlanError
        If the draft has no such move.
    """

    def make(_tx: Transaction, plan: Plan) -> Step | None:
        gone = tuple(m for m in plan.moves_of(team_code) if grid_code in {"", m.grid_code})
        if not gone:
            raise NotInPlanError(team_code)
        return Step(StepKind.TAKE_BACK, gone)

    return take_step(context, plan_id, event_id, make)


def clear_plan(context: Context, plan_id: int, *, event_id: str) -> Plan:
    """Take every move out of a draft, pinned ones too; one undo brings all back."""
    return take_step(
        context, plan_id, event_id, lambda _tx, plan: Step(StepKind.CLEAR, plan.moves) if plan.moves else None
    )


def drop_moves(context: Context, plan_id: int, keys: Collection[MoveKey], *, event_id: str) -> Plan:
    """Take out moves that cannot be sent any more, and keep the rest; keys that are not there are passed over."""

    def make(_tx: Transaction, plan: Plan) -> Step | None:
        gone = tuple(m for m in plan.moves if m.key in set(keys))
        return Step(StepKind.DROP, gone) if gone else None

    return take_step(context, plan_id, event_id, make)


def pin(context: Context, plan_id: int, keys: Collection[MoveKey], *, event_id: str) -> Plan:
    """Pin moves: a proposal leaves them as they are.

    Raises
    ------
    NotInPlanError
        If the draft has not all of them.
    """
    return take_step(context, plan_id, event_id, lambda _tx, plan: _mark(plan, keys, StepKind.PIN))


def unpin(context: Context, plan_id: int, keys: Collection[MoveKey], *, event_id: str) -> Plan:
    """Take the pins off moves.

    Raises
    ------
    NotInPlanError
        If the draft has not all of them.
    """
    return take_step(context, plan_id, event_id, lambda _tx, plan: _mark(plan, keys, StepKind.UNPIN))


def accept_all(context: Context, plan_id: int, moves: Collection[Move], *, event_id: str) -> Plan:
    """Put a proposal in place of every move that is not pinned.

    Raises
    ------
    UnknownTeamError, UnknownTargetError, WrongCountError
        If the data changed since the proposal was made, so that it cannot be put in.
    """
    return _accept(context, plan_id, moves, event_id, replaced=lambda _move: True)


def accept_some(context: Context, plan_id: int, moves: Collection[Move], *, event_id: str) -> Plan:
    """Put some moves of a proposal in; they take the place of the unpinned moves of the same teams alone.

    Raises
    ------
    UnknownTeamError, UnknownTargetError, WrongCountError
        If the data changed since the proposal was made, so that it cannot be put in.
    """
    teams = {move.team_code for move in moves}
    return _accept(context, plan_id, moves, event_id, replaced=lambda move: move.team_code in teams)


def check_targets(tx: Transaction, moves: Iterable[Move]) -> None:
    """Check that the grids and estates of moves are there.

    Raises
    ------
    UnknownTargetError
        If one is not; an estate in another grid counts as not there.
    """
    wanted = list(moves)
    grids = fetch_places(tx, Layer.GRIDS, {m.grid_code for m in wanted})
    estates = fetch_places(tx, Layer.ESTATES, {m.estate_code for m in wanted if m.estate_code})
    for move in wanted:
        if move.grid_code not in grids:
            raise UnknownTargetError(move.grid_code)
        estate = estates.get(move.estate_code)
        if move.estate_code and (estate is None or estate.parent_code != move.grid_code):
            raise UnknownTargetError(move.estate_code)


def require_moves(scope: Scope, moves: Iterable[Move]) -> None:
    """Do nothing if teams (and so their homes) and grids of all moves lie inside an area.

    Raises
    ------
    OutsideAreaError
        If any lies outside.
    """
    wanted = list(moves)
    scope.require(Layer.TEAMS, [move.team_code for move in wanted])
    scope.require(Layer.GRIDS, [move.grid_code for move in wanted])


def _accept(context: Context, plan_id: int, moves: Collection[Move], event_id: str, *, replaced: _Test) -> Plan:
    def make(tx: Transaction, plan: Plan) -> Step | None:
        pinned = {m.key for m in plan.moves if m.pinned}
        teams = fetch_teams(tx, {m.team_code for m in moves})
        new = [m for m in moves if m.key not in pinned]
        added = tuple(replace(m, home_code=_team(teams, m.team_code).home_code) for m in new)
        removed = tuple(m for m in plan.moves if not m.pinned and replaced(m))
        stay = tuple(m for m in plan.moves if m not in removed)
        check_targets(tx, added)
        require_moves(context.scope_in(tx), added)
        _check_sizes(teams, added, stay)
        return Step(StepKind.ACCEPT, removed, added) if added != removed else None

    return take_step(context, plan_id, event_id, make)


def _check_sizes(teams: Mapping[str, Team], added: Collection[Move], stay: Collection[Move]) -> None:
    for code in {m.team_code for m in added}:
        team = teams[code]
        counts = [m.people for m in (*added, *stay) if m.team_code == code]
        if sum(counts) > team.size or min(counts) < 1:
            raise WrongCountError(team.name, sum(counts), team.size)


def _mark(plan: Plan, keys: Collection[MoveKey], kind: StepKind) -> Step | None:
    found = tuple(m for m in plan.moves if m.key in set(keys))
    if len(found) < len(set(keys)):
        missing = min(set(keys) - {m.key for m in found})
        raise NotInPlanError(missing[0])
    before = tuple(m for m in found if m.pinned is not (kind is StepKind.PIN))
    return Step(kind, before, tuple(replace(m, pinned=kind is StepKind.PIN) for m in before)) if before else None


def _team(teams: Mapping[str, Team], code: str) -> Team:
    if code not in teams:
        raise UnknownTeamError(code)
    return teams[code]
