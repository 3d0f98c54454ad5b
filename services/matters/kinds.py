"""The kinds that there are: those of the data folder, and those that offices declared for their area."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.coverage import read_norms
from services.matters.errors import KindRestsError, UnknownKindError
from services.matters.places import PlaceTree, parse_place, read_places
from services.modes import declared_in, declared_times_in, in_force
from services.rules import burden
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.burden import BurdenError, Feature
from services.rules.matters.kinds import MATTERS, KindError, MatterKind, kind_body, parse_kind, parse_kinds
from services.rules.windows import DAY, Mode
from services.settings import read_settings
from services.use_cases import use_case

_AFTER_MODE = 30 * DAY


@dataclass(frozen=True, slots=True)
class KindEntry:
    """A kind with where it holds."""

    kind: MatterKind
    version: int = 0
    """0 for those of the data folder."""
    area: Area = EVERYWHERE


@dataclass(frozen=True, slots=True)
class KindBook:
    """Every kind, and whether it is in force now."""

    entries: Mapping[str, KindEntry]
    """The newest version of each, by code."""
    versions: Mapping[tuple[str, int], MatterKind]
    mode: Mode
    now: datetime
    places: PlaceTree

    def of_row(self, row: Mapping[str, Any]) -> MatterKind:
        """Return the kind of a matter as it was when it was asked; of one that is gone its name alone."""
        known = self.versions.get((row["kind"], row["kind_version"]))
        return known or MatterKind(code=row["kind"], name=row["kind"], source="–", subjects=("grids",), owners=())

    def holds(self, entry: KindEntry, place: Area) -> bool:
        """Return whether a kind is in force now, for a place."""
        in_area = entry.area.layer is None or self.places.is_inside(place, entry.area)
        return in_area and entry.kind.holds(self.mode, self.now.date())

    def find(self, code: str, place: Area, *, is_sheet: bool) -> KindEntry:
        """Return a kind that is in force now for a place.

        Raises
        ------
        UnknownKindError
            If there is none of this code, or it is no sheet where one is needed, or the other way round.
        KindRestsError
            If it is not in force.
        """
        entry = self.entries.get(code)
        if entry is None or entry.kind.is_sheet is not is_sheet:
            raise UnknownKindError(code)
        if not self.holds(entry, place):
            raise KindRestsError(entry.kind.title)
        return entry


def read_book(context: Context, tx: Transaction) -> KindBook:
    """Return every kind, as a transaction sees them."""
    path = read_settings().data_dir / "matters.toml"
    entries = {code: KindEntry(kind) for code, kind in read_norms(path, parse_kinds).items()}
    versions = {(code, 0): entry.kind for code, entry in entries.items()}
    for row in tx.matters.read_kinds():
        kind = parse_kind(row["code"], json.loads(row["body"]))
        versions[row["code"], row["version"]] = kind
        entries[row["code"]] = KindEntry(kind, row["version"], parse_place(row["area"]))
    now = context.clock()
    return KindBook(entries, versions, in_force(declared_in(tx), now).mode, now, read_places(context, tx))


def read_kinds(context: Context) -> Sequence[tuple[KindEntry, bool]]:
    """Return every kind, and whether it is in force now, in the order of the file.

    Raises
    ------
    RefusedError
        If the actor may not look at matters.
    """
    with context.look(Action.VIEW_MATTERS) as tx:
        book = read_book(context, tx)
        own = context.actor.area
        return [(entry, book.holds(entry, own)) for entry in book.entries.values()]


def require_features(tx: Transaction, kind: MatterKind, now: datetime) -> None:
    """Do nothing if the rules of burdens let a kind be used now.

    Raises
    ------
    BurdenError
        If not.
    """
    times = declared_times_in(tx)
    for feature in kind.features:
        burden.require(feature, times, now)


def check_kinds(context: Context, content: str) -> list[MatterKind]:
    """Return the kinds of a TOML file that could be declared now; nothing is written.

    Raises
    ------
    KindError
        If one cannot be used.
    BurdenError
        If one would burden people more than is allowed now.
    """
    with context.look(Action.DECLARE_KIND) as tx:
        return _check(tx, context.clock(), content)


@use_case(Action.DECLARE_KIND, "kind")
def declare_kinds(work: Work, content: str, area: str = "") -> list[str]:
    """Declare the kinds of a TOML file for an area (the actor's own by default); return their codes.

    One that was declared before gets a new version; matters that were asked keep theirs.

    Raises
    ------
    BurdenError
        As for ``check_kinds``.
    KindError
        As for ``check_kinds``, and if a kind of the data folder has the code.
    OutsideAreaError
        If the area is not the actor's, or another area declared the kind.
    """
    for_area = parse_place(area) if area else work.actor.area
    if not work.scope.covers(for_area):
        raise OutsideAreaError([str(for_area)])
    book = read_book(work.context, work.tx)
    made = _check(work.tx, work.now, content)
    for kind in made:
        entry = book.entries.get(kind.code)
        if entry and not entry.version:
            raise KindError(kind.code, "matters.toml")
        if entry and not work.scope.covers(entry.area):
            raise OutsideAreaError([kind.code])
        work.tx.matters.add_kind(
            code=kind.code,
            version=entry.version + 1 if entry else 1,
            body=kind_body(kind),
            area=str(for_area),
            declared_at=work.at,
            declared_by=work.actor.name,
        )
    work.tx.touch(MATTERS)
    work.note(kinds=len(made), area=str(for_area))
    return [kind.code for kind in made]


def _check(tx: Transaction, now: datetime, content: str) -> list[MatterKind]:
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise KindError("TOML", str(error)) from error
    made = list(parse_kinds(data).values())
    if not made:
        raise KindError("TOML", "[code]")
    end = in_force(declared_in(tx), now).until
    for kind in made:
        require_features(tx, kind, now)
        is_late = bool(kind.is_sheet and kind.until and end and kind.until > (end + _AFTER_MODE).date())
        if (kind.features and Mode.ROUTINE in kind.modes) or (is_late and Mode.ROUTINE not in kind.modes):
            raise BurdenError(Feature.FREQUENT_SHEET if kind.features else Feature.UNFOUNDED_SHEET)
    return made
