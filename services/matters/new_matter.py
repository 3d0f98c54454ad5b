"""A matter asked: held against its kind, both sides and the rules of burdens, and given its clock."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Work
from services.manual_assignment import codes_inside
from services.matters.errors import CauseError, OwnerError, SubjectError, TitleError
from services.matters.history import add_event
from services.matters.kinds import KindBook, KindEntry, read_book, require_features
from services.matters.places import PlaceTree, covers, parse_place
from services.modes import declared_times_in
from services.rules import burden
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.burden import Feature
from services.rules.free_text import check_no_person
from services.rules.matters.clock import MatterClock, Urgency, clock_until, start_clock
from services.rules.matters.forms import check_complete, read_values
from services.rules.matters.kinds import MATTERS, MatterKind
from services.rules.matters.machine import LIVE, MatterState, Side, Verb
from services.use_cases import use_case

LONGEST_TITLE: Final = 60
LONGEST_BODY: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterDraft:
    """A matter as it is asked for; places are written as ``layer:code``."""

    kind: str
    subject: str
    title: str
    owner: str = ""
    """Who is asked; empty for the first level above that the kind names."""
    asker: str = ""
    """For whom; empty for the actor's own area."""
    body: str = ""
    urgency: Urgency = Urgency.NORMAL
    due: datetime | None = None
    """Of kinds with a given date."""
    cause: str = ""
    values: Mapping[str, str | int | None] = field(default_factory=dict)


@use_case(Action.ASK_MATTER, "matter")
def ask_matter(work: Work, draft: MatterDraft, *, event_id: str) -> int:
    """Ask somebody for something; return the number of the matter. The same event again changes nothing.

    Raises
    ------
    AreaError, SubjectError, OwnerError
        If a place is none, or none that the kind is about or can be asked.
    OutsideAreaError
        If the side that asks, or what it is about, lies outside the actor's area.
    UnknownKindError, KindRestsError
        If there is no such kind, or it is not in force.
    CauseError, TitleError, FieldError, UnknownFieldError, RequiredFieldError, PersonInTextError, GivenDateError
        If something is not said, or a person may stand in it.
    BurdenError
        If there are too many whistles of a community in routine times.
    """
    asker = parse_place(draft.asker) if draft.asker else work.actor.area
    subject = parse_place(draft.subject)
    if not covers(work.scope, asker):
        raise OutsideAreaError([asker.code])
    book = read_book(work.context, work.tx)
    entry = book.find(draft.kind, asker, is_sheet=False)
    _require_subject(work, book.places, entry.kind, asker, subject)
    number = work.tx.matters.find_matter(event_id)
    if number is None:
        number = _ask(work, book, entry, draft, asker=asker, event_id=event_id)
    work.target = f"matter:{number}"
    work.note(kind=draft.kind, verb=Verb.ASK.value)
    return number


def _ask(work: Work, book: KindBook, entry: KindEntry, draft: MatterDraft, *, asker: Area, event_id: str) -> int:
    kind, title, body = entry.kind, " ".join(draft.title.split())[:LONGEST_TITLE], draft.body.strip()[:LONGEST_BODY]
    owner = find_owner(book.places, kind, draft.owner, asker)
    for words in (title, body):
        check_no_person(words)
    if not title:
        raise TitleError
    if kind.causes and not kind.cause_name(draft.cause):
        raise CauseError
    values = read_values(kind.fields, draft.values)
    check_complete(kind.fields, values, is_sheet=False)
    _require_room(work, book, kind, asker)
    clock = _clock(kind, work.now, draft)
    number = work.tx.matters.add_matter(
        event_id=event_id,
        kind=kind.code,
        kind_version=entry.version,
        subject=draft.subject.strip(),
        asker=str(asker),
        owner=str(owner),
        title=title,
        body=body,
        fields=json.dumps(values, ensure_ascii=False),
        period="",
        cause=draft.cause if kind.causes else "",
        state=MatterState.OPEN.value,
        urgency=draft.urgency.value if kind.clock == "urgency" else kind.clock,
        asked_at=work.at,
        asked_by=work.actor.name,
        respond_by=clock.respond_by and clock.respond_by.isoformat(timespec="seconds"),
        due=clock.due.isoformat(timespec="seconds"),
    )
    add_event(work, number, Verb.ASK, Side.ASKER)
    work.tx.touch(MATTERS)
    return number


def _clock(kind: MatterKind, now: datetime, draft: MatterDraft) -> MatterClock:
    if kind.clock == "date":
        return clock_until(now, draft.due)
    return start_clock(now, draft.urgency if kind.clock == "urgency" else Urgency.NORMAL)


def _require_subject(work: Work, places: PlaceTree, kind: MatterKind, asker: Area, subject: Area) -> None:
    """Hold what a matter is about against its kind, and against the side that asks.

    Raises
    ------
    SubjectError
        If it is not there, or the kind is about other things.
    OutsideAreaError
        If it lies outside the area of who asks.
    """
    if subject.layer is None or subject.layer.value not in kind.subjects:
        raise SubjectError(str(subject))
    if subject.layer is Layer.MEMBERS:
        is_there = is_inside = bool(codes_inside(work.tx, work.scope, [subject.code]))
    else:
        is_there = places.holds(subject)
        is_inside = (
            asker.layer in {None, Layer.UNITS} or subject.layer is Layer.UNITS or places.is_inside(subject, asker)
        )
    if is_there and not is_inside:
        raise OutsideAreaError([subject.code])
    if not is_there:
        raise SubjectError(str(subject))


def find_owner(places: PlaceTree, kind: MatterKind, words: str, asker: Area) -> Area:
    """Return who is asked: whom the words name, else the first level above who asks that the kind can ask.

    Raises
    ------
    AreaError
        If the words name no place.
    OwnerError
        If nobody there can be asked for this.
    """
    above = [area for area in places.above(asker) if area.layer and area.layer.value in kind.owners]
    owner = parse_place(words) if words else next(iter(above), EVERYWHERE)
    if owner.layer is None or owner.layer.value not in kind.owners or not places.holds(owner):
        raise OwnerError(words)
    return owner


def _require_room(work: Work, book: KindBook, kind: MatterKind, asker: Area) -> None:
    """Do nothing if the asker has room for another of a kind, or the mode lifts the limit."""
    require_features(work.tx, kind, work.now)
    if kind.most_open is None:
        return
    rows = work.tx.matters.read_matters(kind=[kind.code], asker=[str(asker)], state=[state.value for state in LIVE])
    if len(rows) >= kind.most_open:
        burden.require(Feature.MANY_WHISTLES, declared_times_in(work.tx), book.now)


@dataclass(frozen=True, slots=True)
class MatterChoices:
    """What whoever looks can ask for: kinds in force, about what and whom, by ``layer:code`` with names."""

    kinds: tuple[MatterKind, ...]
    subjects: Mapping[str, Mapping[str, str]]
    """By code of kind."""
    owners: Mapping[str, Mapping[str, str]]
    """By code of kind, those above who asks first."""


def read_choices(context: Context) -> MatterChoices:
    """Return what the actor can ask for; kinds about members are left out, as those need a code.

    Raises
    ------
    RefusedError
        If the actor may not ask for anything.
    """
    with context.look(Action.ASK_MATTER) as tx:
        book = read_book(context, tx)
    asker = context.actor.area
    kinds = [
        entry.kind
        for entry in book.entries.values()
        if not entry.kind.is_sheet and book.holds(entry, asker) and Layer.MEMBERS not in entry.kind.subjects
    ]
    return MatterChoices(
        tuple(kinds),
        {kind.code: _named(book.places, kind.subjects, asker) for kind in kinds},
        {kind.code: _named_owners(book.places, kind, asker) for kind in kinds},
    )


def _named(places: PlaceTree, layers: Collection[str], asker: Area) -> dict[str, str]:
    """Return what a matter of an asker can be about, the asker itself first."""
    near = [place for place in places.names if place.layer in layers and places.is_near(place, asker)]
    return {str(place): places.names[place] for place in sorted(near, key=lambda place: place != asker)}


def _named_owners(places: PlaceTree, kind: MatterKind, asker: Area) -> dict[str, str]:
    """Return who can be asked: the levels above who asks first, then what lies in their area, then units."""
    above = [area for area in places.above(asker) if area.layer and area.layer.value in kind.owners]
    near = [place for place in places.names if place.layer in kind.owners and places.is_near(place, asker)]
    serving = [unit for unit, served in places.communities.items() if asker in served and Layer.UNITS in kind.owners]
    owners = dict.fromkeys([*above, *near, *serving])
    return {str(place): places.name(place) for place in owners}
