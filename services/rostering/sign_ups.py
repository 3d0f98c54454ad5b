"""Chains (接龙) taken into a roster: looked at first, then written as one step that can be undone.

Duties are checked by the same rules as on the board: what speaks against one makes its entry a doubt, and a doubt is
never written. Of the text only keyed hashes are kept, and itself, sealed, while something of it is in doubt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.catalog.actions import Action
from services.context import Context, Work
from services.coverage import CoverageInputs
from services.rostering.chain_reading import ChainReading, PastedChain, hash_alias, hash_name, understand_chain
from services.rostering.drafts import DutyRow, change_roster_once, fetch_roster_for, take_roster_step
from services.rostering.duties import Seating, duty_row, left_of
from services.rostering.duty_check import check_duties, ground_for
from services.rostering.errors import ChainOutdatedError
from services.rostering.model import Roster, RosterStepKind, shift_from_row
from services.rules.roster.duties import LIVE, DutyState
from services.rules.roster.sign_up.names import How, plain_name
from services.rules.roster.sign_up.sign_ups import Seat, SignUp, State

_SOURCE = "sign_up"


@dataclass(frozen=True, slots=True)
class UnsettledChain:
    """A chain that was written and of which something is still in doubt."""

    words: str
    posted: date
    at: datetime
    doubts: int


def read_chain(context: Context, roster_id: int, pasted: PastedChain, inputs: CoverageInputs) -> ChainReading:
    """Return what a chain comes to; nothing is written.

    Raises
    ------
    UnknownRosterError, OutsideAreaError
        If there is no such roster, or it is of another area.
    ChainCommunityError
        If the roster has no shifts in the community of the chain.
    ChainError
        If the text is too long to be one.
    """
    with context.look(Action.KEEP_ROSTER) as tx:
        return understand_chain(context, tx, fetch_roster_for(context, tx, roster_id), inputs, pasted)


def read_unsettled_chain(context: Context, roster_id: int, community: str) -> UnsettledChain | None:
    """Return the last chain of a community of which something is still in doubt, None for none.

    Raises
    ------
    UnknownRosterError, OutsideAreaError
        If there is no such roster, or it is of another area.
    """
    with context.look(Action.KEEP_ROSTER) as tx:
        fetch_roster_for(context, tx, roster_id)
        row = tx.sign_ups.read_unsettled(roster_id, community)
        if row is None:
            return None
        words = tx.sealed.open(row["text"])
    return UnsettledChain(
        words, date.fromisoformat(row["posted"]), datetime.fromisoformat(row["at"]), int(row["doubts"])
    )


def write_chain(
    context: Context,
    roster_id: int,
    pasted: PastedChain,
    inputs: CoverageInputs,
    *,
    event_id: str,
    reason: str = "",
    shifts: Mapping[str, int] | None = None,
) -> Roster:
    """Write what a chain comes to, but for what is in doubt; a reason is needed for what is written against a rule.

    It is read again inside the change: whoever has gone elsewhere meanwhile is in doubt, and not written.

    Parameters
    ----------
    shifts
        What codes stood for when the chain was looked at (``ChainReading.shifts``).

    Raises
    ------
    ChainCommunityError, ChainError
        As for ``read_chain``.
    ChainOutdatedError
        If codes stand for other shifts by now.
    DutyRefusedError
        If somebody is put in against a rule, and there is no reason.
    """

    def write(work: Work, roster: Roster) -> None:
        found = understand_chain(work.context, work.tx, roster, inputs, pasted)
        if shifts is not None and found.shifts != shifts:
            raise ChainOutdatedError
        if not found.is_new:
            return
        step = None
        if found.changes:
            _write_duties(work, roster, found, inputs, reason)
            step = roster.undoable + 1
        _keep(work, roster, found, step)

    return change_roster_once(context, roster_id, event_id, write)


def _write_duties(work: Work, roster: Roster, found: ChainReading, inputs: CoverageInputs, reason: str) -> None:
    rosters = work.tx.rosters
    stored_data = rosters.read_shifts_by_number(roster.id, set(found.shifts.values()))
    shifts = {row["id"]: shift_from_row(row) for row in stored_data}
    there = [row for row in rosters.read_duties_in(shifts) if row["state"] in _LIVE]
    ends = {(member, found.shifts[code]) for member, code in found.reading.cancelled}
    removed = [row for row in there if (row["member_code"], row["shift_id"]) in ends]
    rows = _rows(roster, found, there, reason)
    ordered = sorted(rows, key=lambda row: shifts[row["shift_id"]].window.start)
    members = {row["member_code"] for row in [*rows, *removed] if row["member_code"]}
    ground = ground_for(work, roster, inputs, members, shifts.values())
    check_duties(work, ground, shifts, ordered, without={row["id"] for row in removed}, reason=reason)
    take_roster_step(work, roster, RosterStepKind.SIGN_UP, removed, [*left_of(roster, removed), *rows])


def _rows(roster: Roster, found: ChainReading, there: Iterable[DutyRow], reason: str) -> list[DutyRow]:
    """Return the duties that a chain makes; reserves are called in the order of the chain, behind those before."""
    ranks: dict[int, int] = {}
    for row in there:
        ranks[row["shift_id"]] = max(ranks.get(row["shift_id"], 0), row["rank"])
    rows = []
    for sign_up, decision in zip(found.reading.sign_ups, _decisions(found), strict=True):
        for seat in sign_up.seats:
            if seat.is_new:
                number = found.shifts[seat.shift]
                ranks[number] = ranks.get(number, 0) + seat.is_reserve
                rows.append(_row(roster, seat, number, ranks[number], reason if decision else ""))
    return rows


def _decisions(found: ChainReading) -> list[bool]:
    """Return which entries are written against a rule, by decision."""
    decisions = found.pasted.decisions
    return [place in decisions and decisions[place].is_overruled for place in range(len(found.reading.sign_ups))]


def _row(roster: Roster, seat: Seat, shift_id: int, rank: int, reason: str) -> DutyRow:
    state = DutyState.RESERVE if seat.is_reserve else None
    rank_of_reserve = rank if seat.is_reserve else 0
    seating = Seating(shift_id, seat.person or "", state, rank_of_reserve, _SOURCE, heads=seat.heads)
    return duty_row(roster, seating, reason)


def _keep(work: Work, roster: Roster, found: ChainReading, step: int | None) -> None:
    """Keep what became of each entry that is settled, and the text while something is in doubt."""
    tx, pasted = work.tx, found.pasted
    settled = [
        (place, each)
        for place, each in enumerate(found.reading.sign_ups)
        if each.state is not State.DOUBT and not each.is_known
    ]
    number = tx.sign_ups.add_sign_up(
        [_entry_row(work, place, each, found) for place, each in settled],
        roster_id=roster.id,
        community_code=pasted.community,
        chain_hash=found.chain_hash,
        posted=pasted.posted.isoformat(),
        at=work.at,
        actor=work.actor.name,
        text=tx.sealed.seal(pasted.words) if found.doubts else None,
        entries=len(found.reading.sign_ups),
        placed=found.reading.count(State.PLACED),
        doubts=found.doubts,
        step=step,
        undone=False,
    )
    tx.sign_ups.put_aliases(_alias_rows(work, found))
    work.note(sign_up=number, entries=len(settled), doubts=found.doubts)


def _entry_row(work: Work, place: int, sign_up: SignUp, found: ChainReading) -> DutyRow:
    own = dict.fromkeys(seat.shift for seat in sign_up.seats if seat.person == sign_up.person)
    return {
        "place": place,
        "entry_hash": found.entry_hashes[place],
        "name_hash": hash_name(work.tx, sign_up.name),
        "member_code": sign_up.person,
        "shift_ids": " ".join(str(found.shifts[code]) for code in own),
        "state": sign_up.state.value,
        "how": sign_up.how.value if sign_up.how else "",
    }


def _alias_rows(work: Work, found: ChainReading) -> Sequence[DutyRow]:
    """Return the nicknames under which somebody signed up whom the clerk chose; what is in doubt still is left out."""
    people = found.register.people
    return [
        {
            "alias_hash": hash_alias(work.tx, plain_name(each.name)),
            "community_code": found.pasted.community,
            "member_code": each.person,
            "at": work.at,
        }
        for each in found.reading.sign_ups
        if each.how is How.CHOSEN
        and each.person
        and each.name
        and each.state is not State.DOUBT
        and not each.is_known
        and plain_name(each.name) != plain_name(people[each.person].name)
    ]


_LIVE = frozenset(state.value for state in LIVE)
