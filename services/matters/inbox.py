"""What waits for whoever looks, what they asked for, and everything that concerns their area; the late ones first."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.i18n import translate
from services.matters.errors import UnknownMatterError
from services.matters.history import clock_of
from services.matters.kinds import KindBook, read_book
from services.matters.model import MatterEvent, MatterRecord, MatterView
from services.matters.places import covers, parse_place, sides_of
from services.rules.areas import Area, OutsideAreaError, Scope
from services.rules.matters.clock import Urgency, is_read
from services.rules.matters.machine import LIVE, MatterState, Side, Verb, verbs_at
from services.rules.roles import may

PAST_DAYS: Final = 90
"""Matters asked so long ago are left out of the lists."""
_WIDE: Final = frozenset({Layer.DISTRICTS, Layer.SUBDISTRICTS, None})
_SIGN_OR_ASK: Final = frozenset({Verb.CLOSE, Verb.RETURN, Verb.WITHDRAW, Verb.REMIND, Verb.NOTE})


@dataclass(frozen=True, slots=True)
class MatterLists:
    """The matters that concern an area, sheets left out; the late ones first, then by what has to be kept next."""

    matters: tuple[MatterView, ...]
    now: datetime

    @property
    def waiting(self) -> tuple[MatterView, ...]:
        """Those that wait for whoever looks."""
        return tuple(view for view in self.matters if view.is_mine or view.is_escalated)

    @property
    def own(self) -> tuple[MatterView, ...]:
        """Those that the side of whoever looks asked for, and that are not over."""
        return tuple(view for view in self.matters if view.is_own and is_running(view))

    @property
    def late(self) -> tuple[MatterView, ...]:
        """Those under way that are late."""
        return tuple(view for view in self.matters if view.level)


def is_running(view: MatterView) -> bool:
    """Return whether a matter is not over."""
    return view.state in LIVE or (view.state is MatterState.ANSWERED and not view.is_read)


def read_matters(context: Context) -> MatterLists:
    """Return the matters of the last 90 days that concern the actor's area.

    A matter concerns an area if one of its sides, or what it is about, lies in it.

    Raises
    ------
    RefusedError
        If the actor may not look at matters.
    """
    now = context.clock()
    with context.look(Action.VIEW_MATTERS) as tx:
        book, scope = read_book(context, tx), context.scope_in(tx)
        since = (now - timedelta(days=PAST_DAYS)).isoformat()
        rows = tx.matters.read_matters(since=since, period=[""])
        units = _units_with_accounts(tx)
        views = [_view(context, book, scope, row, units) for row in rows if _concerns(context, book, scope, row)]
    ordered = sorted(views, key=lambda view: (-view.level, view.clock.deadline(view.state), view.id))
    return MatterLists(tuple(ordered), now)


def read_matter(context: Context, number: int) -> MatterRecord:
    """Return a matter with its history.

    Raises
    ------
    RefusedError
        If the actor may not look at matters.
    UnknownMatterError
        If there is none.
    OutsideAreaError
        If it does not concern the actor's area.
    """
    with context.look(Action.VIEW_MATTERS) as tx:
        row = tx.matters.read_matter(number)
        if row is None:
            raise UnknownMatterError(number)
        book, scope = read_book(context, tx), context.scope_in(tx)
        if not _concerns(context, book, scope, row):
            raise OutsideAreaError([parse_place(row["owner"]).code])
        view = _view(context, book, scope, row, _units_with_accounts(tx))
        events = tx.matters.read_events([number])[number]
    return MatterRecord(view, tuple(_event(book, event) for event in events))


def _event(book: KindBook, row: Mapping[str, Any]) -> MatterEvent:
    detail = json.loads(row["detail"])
    owner = detail.get("owner", "")
    return MatterEvent(
        datetime.fromisoformat(row["at"]),
        row["actor"],
        book.places.name(parse_place(row["area"])),
        Verb(row["what"]),
        detail.get("words", ""),
        book.places.name(parse_place(owner)) if owner else "",
    )


def _units_with_accounts(tx: Transaction) -> frozenset[str]:
    """Return for which units somebody can sign in."""
    active = {row["id"] for row in tx.accounts.read_all() if row["disabled_at"] is None}
    return frozenset(grant["area"] for grant in tx.accounts.read_grants() if grant["account_id"] in active)


def _concerns(context: Context, book: KindBook, scope: Scope, row: Mapping[str, Any]) -> bool:
    places = [parse_place(row[name]) for name in ("asker", "owner")]
    subject = parse_place(row["subject"])
    if subject.layer not in {Layer.MEMBERS, None}:
        places.append(subject)
    return any(covers(scope, place) for place in places) or bool(sides_of(context.actor, scope, book.of_row(row), row))


def _view(context: Context, book: KindBook, scope: Scope, row: Mapping[str, Any], units: Collection[str]) -> MatterView:
    kind, state, now = book.of_row(row), MatterState(row["state"]), book.now
    asker, owner = parse_place(row["asker"]), parse_place(row["owner"])
    answered_at = datetime.fromisoformat(row["answered_at"]) if row["answered_at"] else None
    clock, sides = clock_of(row), sides_of(context.actor, scope, kind, row)
    level, has_ended = clock.level(state, now), is_read(state, answered_at, now)
    is_for_unit = owner.layer is Layer.UNITS and str(owner) not in units
    above = [area for area, _n in zip(book.places.above(asker), range(level), strict=False)]
    is_escalated = context.actor.area in above or (bool(level) and scope.is_everything)
    verbs = frozenset(verb for verb in verbs_at(state, sides) if may(context.actor, _action(verb)))
    is_own = _is_own(context.actor.area, scope, owner) or is_for_unit
    is_to_do = state in LIVE and Side.OWNER in sides and is_own
    is_to_confirm = state is MatterState.ANSWERED and not has_ended and asker == context.actor.area
    return MatterView(
        id=row["id"],
        kind=kind,
        title=row["title"],
        body=row["body"],
        cause=kind.cause_name(row["cause"]),
        subject=_subject_name(book, parse_place(row["subject"])),
        asker=book.places.name(asker),
        owner=book.places.name(owner),
        owner_area=owner,
        state=state,
        urgency=Urgency(row["urgency"]) if kind.clock == "urgency" and row["urgency"] in set(Urgency) else None,
        is_read=has_ended,
        clock=clock,
        level=level,
        is_escalated=is_escalated,
        is_for_unit=is_for_unit,
        answered_at=answered_at,
        satisfied=None if row["satisfied"] is None else bool(row["satisfied"]),
        values=json.loads(row["fields"]),
        verbs=verbs,
        sides=sides,
        is_mine=is_to_do or is_to_confirm,
        is_own=asker == context.actor.area,
        revision=row["revision"],
    )


def _action(verb: Verb) -> Action:
    return Action.ASK_MATTER if verb in _SIGN_OR_ASK else Action.ACT_ON_MATTER


def _is_own(area: Area, scope: Scope, owner: Area) -> bool:
    """Return whether what is asked of an owner is the work of whoever holds an area, not only inside of it."""
    is_below = covers(scope, owner) and owner.layer in {Layer.GRIDS, Layer.ESTATES} and area.layer is Layer.COMMUNITIES
    return owner == area or is_below or (owner.layer in _WIDE and covers(scope, owner))


def _subject_name(book: KindBook, subject: Area) -> str:
    if subject.layer is Layer.MEMBERS:
        return translate("member {code}", code=subject.code) if subject.code else translate("a member who was erased")
    return book.places.name(subject)
