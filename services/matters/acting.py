"""What is done to a matter: the table of the machine decides, each in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Work
from services.i18n import text
from services.matters.errors import (
    MatterReasonError,
    NobodyAboveError,
    OwnAnswerError,
    OwnerError,
    UnknownMatterError,
)
from services.matters.history import add_event, clock_of
from services.matters.kinds import read_book
from services.matters.new_matter import find_owner
from services.matters.places import parse_place, read_places, sides_of
from services.modes import declared_times_in
from services.rules import burden
from services.rules.areas import OutsideAreaError
from services.rules.burden import Feature
from services.rules.claims import clean_claim_reason
from services.rules.matters.kinds import MATTERS
from services.rules.matters.machine import TRANSITIONS, MatterState, Side, Verb, next_state
from services.rules.privacy import is_reason
from services.use_cases import Reason, use_case

MatterNumber = Annotated[int, text("Number of the matter")]
IsSatisfied = Annotated[str, text("Satisfied: yes or no")]
_NEEDS_REASON: Final = frozenset({Verb.RETURN, Verb.PASS, Verb.DECLINE, Verb.WITHDRAW, Verb.NOTE})


@use_case(
    Action.ACT_ON_MATTER,
    "matter:{number}",
    title=text("Take on"),
    note=text("Whoever asked sees that somebody is at work on it."),
    outcome=text("Taken on: the clock for taking it on has stopped."),
    example="matter take 3",
)
def take_matter(work: Work, number: MatterNumber) -> None:
    """Take a matter on.

    Raises
    ------
    UnknownMatterError, OutsideAreaError, VerbError
        If there is no such matter, it is of others, or its state does not allow it; so for every verb.
    """
    act_on(work, number, Verb.TAKE, taken_at=work.at)


@use_case(
    Action.ACT_ON_MATTER,
    "matter:{number}",
    title=text("Answer"),
    note=text("What was done. Whoever asked confirms it; then it is over."),
    outcome=text("Answered: whoever asked is to confirm it."),
    example="matter answer 3 派了6人",
)
def answer_matter(work: Work, number: MatterNumber, words: Annotated[str, text("What was done")]) -> None:
    """Answer a matter.

    Raises
    ------
    MatterReasonError
        If it is not said what was done.
    PersonInTextError
        If a person may stand in it.
    """
    if not words.strip():
        raise MatterReasonError
    act_on(work, number, Verb.ANSWER, words=words, answered_at=work.at)


@use_case(
    Action.ASK_MATTER,
    "matter:{number}",
    title=text("Confirm"),
    note=text("Only what is really done: send it back otherwise."),
    outcome=text("Confirmed: this matter is done."),
    example="matter close 3 --satisfied yes",
)
def close_matter(
    work: Work, number: MatterNumber, *, satisfied: Annotated[str, text("Satisfied: yes or no")] = ""
) -> None:
    """Confirm that a matter is done, satisfied or not.

    Raises
    ------
    OwnAnswerError
        If whoever confirms it answered it.
    """
    row, sides = read_for(work, number)
    next_state(MatterState(row["state"]), Verb.CLOSE, sides)
    events = work.tx.matters.read_events([number])[number]
    answer = next((event for event in reversed(events) if event["what"] == Verb.ANSWER), None)
    if answer and answer["actor"] == work.actor.name and work.actor.role is not Role.LOCAL and not row["period"]:
        raise OwnAnswerError
    said = {"yes": True, "no": False}.get(satisfied.strip().lower())
    act_on(work, number, Verb.CLOSE, closed_at=work.at, satisfied=said)


@use_case(
    Action.ASK_MATTER,
    "matter:{number}",
    title=text("Send back"),
    note=text("It is under way again; its history keeps why."),
    outcome=text("Sent back."),
    example="matter return 3 --reason 人还没有到",
)
def return_matter(work: Work, number: MatterNumber, *, reason: Reason) -> None:
    """Send an answer back; a sheet that is signed as well, by the level that signs.

    Raises
    ------
    MatterReasonError, PersonInTextError
        If there is no reason, or a person may stand in it.
    """
    act_on(work, number, Verb.RETURN, words=reason, answered_at=None, closed_at=None, satisfied=None)


@use_case(
    Action.ACT_ON_MATTER,
    "matter:{number}",
    title=text("Pass on"),
    note=text("To whom: layer:code, like units:U01 or communities:440114001."),
    outcome=text("Passed on to {owner}; the clock runs on."),
    example="matter pass 3 units:U01 --reason 归他们管",
)
def pass_matter(work: Work, number: MatterNumber, owner: Annotated[str, text("To whom")], *, reason: Reason) -> None:
    """Pass a matter on to somebody else.

    Raises
    ------
    AreaError, MatterReasonError, PersonInTextError
        If it names nobody, or there is no reason.
    OwnerError
        If it cannot be theirs.
    """
    row, _sides = read_for(work, number)
    book = read_book(work.context, work.tx)
    to = find_owner(book.places, book.of_row(row), owner, parse_place(row["asker"]))
    if str(to) == row["owner"]:
        raise OwnerError(owner)
    act_on(work, number, Verb.PASS, words=reason, owner=str(to), taken_at=None)


@use_case(
    Action.ACT_ON_MATTER,
    "matter:{number}",
    title=text("Not ours"),
    note=text("It goes to the lowest level that is above both sides, and never back to who asked."),
    outcome=text("Moved up; the clock runs on."),
    example="matter decline 3 --reason 不归我办",
)
def decline_matter(work: Work, number: MatterNumber, *, reason: Reason) -> None:
    """Decline a matter: it is the lowest area's that covers both sides, and whose it was not.

    Raises
    ------
    NobodyAboveError
        If there is none above.
    MatterReasonError, PersonInTextError
        If there is no reason, or a person may stand in it.
    """
    row, _sides = read_for(work, number)
    places, owner = read_places(work.context, work.tx), parse_place(row["owner"])
    above = list(places.above(owner))
    to = next(
        (area for area in places.above(parse_place(row["asker"])) if owner.layer is Layer.UNITS or area in above), None
    )
    if to is None:
        raise NobodyAboveError
    act_on(work, number, Verb.DECLINE, words=reason, owner=str(to), taken_at=None)


@use_case(
    Action.ASK_MATTER,
    "matter:{number}",
    title=text("Withdraw"),
    note=text("It is over then; its history keeps why."),
    outcome=text("Taken back."),
    example="matter withdraw 3 --reason 已经解决",
)
def withdraw_matter(work: Work, number: MatterNumber, *, reason: Reason) -> None:
    """Take a matter back that is not answered yet."""
    act_on(work, number, Verb.WITHDRAW, words=reason, closed_at=work.at)


@use_case(
    Action.ASK_MATTER,
    "matter:{number}",
    title=text("Remind"),
    note=text("Once in 24 hours, and not before half the time is over."),
    outcome=text("Reminded."),
    example="matter remind 3",
)
def remind_matter(work: Work, number: MatterNumber) -> None:
    """Remind whoever is to do it.

    Raises
    ------
    ReminderError
        If half of the time is not over, or there was a reminder in the last 24 hours.
    """
    row, _sides = read_for(work, number)
    burden.require(Feature.REMIND, declared_times_in(work.tx), work.now)
    events = work.tx.matters.read_events([number])[number]
    before = [datetime.fromisoformat(each["at"]) for each in events if each["what"] == Verb.REMIND]
    clock_of(row).check_reminder(before, work.now)
    act_on(work, number, Verb.REMIND)


@use_case(
    Action.ASK_MATTER,
    "matter:{number}",
    title=text("Note"),
    note=text("Stands in the history; nothing else changes."),
    outcome=text("Noted in its history."),
    example="matter note 3 已电话联系",
)
def note_matter(work: Work, number: MatterNumber, words: Annotated[str, text("Note")]) -> None:
    """Add a note to the history of a matter."""
    act_on(work, number, Verb.NOTE, words=words)


def read_for(work: Work, number: int) -> tuple[Mapping[str, Any], tuple[Side, ...]]:
    """Return the row of a matter, and on which of its sides the actor stands.

    Raises
    ------
    UnknownMatterError
        If there is none.
    OutsideAreaError
        If it concerns others only.
    """
    row = work.tx.matters.read_matter(number)
    if row is None:
        raise UnknownMatterError(number)
    kind = read_book(work.context, work.tx).of_row(row)
    sides = sides_of(work.actor, work.scope, kind, row)
    if not sides:
        raise OutsideAreaError([parse_place(row["owner"]).code])
    return row, sides


def act_on(work: Work, number: int, verb: Verb, *, words: str = "", **changes: object) -> None:
    """Do something to a matter, as the table of the machine lets the actor's side; with its history and audit row.

    Raises
    ------
    UnknownMatterError, OutsideAreaError, VerbError, PersonInTextError
        As the verbs say.
    MatterReasonError
        If it needs a reason.
    """
    row, sides = read_for(work, number)
    state = MatterState(row["state"])
    after = next_state(state, verb, sides)
    plain = clean_claim_reason(words)
    if verb in _NEEDS_REASON and not is_reason(plain):
        raise MatterReasonError
    side = next(side for side in sides if (state, verb, side) in TRANSITIONS)
    work.tx.matters.set_matter(number, state=after.value, **changes)
    add_event(work, number, verb, side, words=plain, **_told(changes))
    work.tx.touch(MATTERS)
    work.note(verb=verb.value, matter_state=after.value)


def _told(changes: Mapping[str, object]) -> dict[str, object]:
    """Return what a history keeps of the columns that change."""
    return {name: changes[name] for name in ("owner", "satisfied") if changes.get(name) is not None}
