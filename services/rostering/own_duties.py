"""The duties of one person, or of one unit and its teams, with the posts they are at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.manual_assignment import codes_inside
from services.rostering.drafts import DutyRow, fetch_roster_for
from services.rostering.errors import UnknownGroupError, UnknownMemberError
from services.rostering.model import RosterState, duty_from_row
from services.rules.areas import OutsideAreaError, Scope
from services.rules.roster.duties import Duty, DutyState

_HELD = frozenset({RosterState.PUBLISHED.value, RosterState.CLOSED.value})


@dataclass(frozen=True, slots=True)
class PlacedDuty:
    """A duty with where it is."""

    duty: Duty
    post_name: str
    """Empty where the post lies outside the area of whoever looks: that somebody serves is told, and not where."""
    place: str
    """Where people meet; empty where nobody said, and outside the area."""
    revision: int
    """Of its roster: grows with every change."""
    changed_at: datetime
    is_draft: bool


def read_member_duties(context: Context, member_code: str, roster_id: int | None = None) -> list[PlacedDuty]:
    """Return the duties of a member in the order of time, of every roster or of one; those taken out among them.

    Raises
    ------
    UnknownMemberError
        If nobody of the actor's area has this code.
    UnknownRosterError, OutsideAreaError
        If there is no such roster, or it is of another area.
    """
    with context.look(Action.VIEW_PEOPLE) as tx:
        if not codes_inside(tx, context.scope_in(tx), [member_code]):
            raise UnknownMemberError(member_code)
        rows = tx.rosters.read_duties_of([member_code], "", "9999", list(DutyState))
        return _placed(context, tx, rows, roster_id)


def read_unit_duties(context: Context, unit_code: str, roster_id: int | None = None) -> list[PlacedDuty]:
    """Return the duties of published rosters of a unit, its teams and its members, in the order of time.

    Members are counted and not named.

    Raises
    ------
    UnknownGroupError
        If there is no such unit.
    OutsideAreaError
        If the actor is in charge of another unit.
    UnknownRosterError
        If there is no such roster.
    """
    with context.look(Action.VIEW_UNIT_DUTIES) as tx:
        own = context.scope_in(tx).area
        if own.layer is Layer.UNITS and own.code != unit_code:
            raise OutsideAreaError([unit_code])
        if not tx.plans.read_rows(Layer.UNITS, [unit_code]):
            raise UnknownGroupError(Layer.UNITS, unit_code)
        rows = [{**row, "member_code": None} for row in tx.rosters.read_duties_of_unit(unit_code)]
        return [each for each in _placed(context, tx, rows, roster_id) if not each.is_draft and each.post_name]


def _placed(context: Context, tx: Transaction, rows: Iterable[DutyRow], roster_id: int | None) -> list[PlacedDuty]:
    if roster_id is not None:
        fetch_roster_for(context, tx, roster_id)
    wanted = [row for row in rows if roster_id in {None, row["roster_id"]}]
    posts = tx.plans.read_rows(Layer.POSTS, {row["post_code"] for row in wanted})
    rosters = {number: tx.rosters.read_roster(number) or {} for number in {row["roster_id"] for row in wanted}}
    scope = context.scope_in(tx)
    found = []
    for row in sorted(wanted, key=lambda each: (each["start"], each["end"], each["id"])):
        post, roster = posts.get(row["post_code"], {}), rosters[row["roster_id"]]
        is_inside = _is_told(scope, str(post.get("community_code") or ""))
        found.append(
            PlacedDuty(
                duty_from_row(row),
                str(post.get("name") or row["post_code"]) if is_inside else "",
                str(post.get("place") or "") if is_inside else "",
                int(roster["revision"]),
                datetime.fromisoformat(roster["changed_at"]),
                roster["state"] not in _HELD,
            )
        )
    return found


def _is_told(scope: Scope, community: str) -> bool:
    """Return whether where a duty is is told: to a unit of all that is its own."""
    return scope.area.layer is Layer.UNITS or scope.holds(Layer.COMMUNITIES, community)
