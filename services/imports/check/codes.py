"""The code of every row: stated, known from before, or made by a rule that gives the same code again.

A row without a code is first looked for among the stored rows: a person by identity, anything else by its name
within its parent (suffixes repaired: 秀全街 is 秀全街道). What is new gets a code made from what it is: a person from
the keyed identity hash, else name and telephone; anything with a name ``parent-name``, or the name alone where it
has no parent; every road and water a fingerprint of the shape. Any other shape without a name is not known.

Who a row of a roster is, is told by identity number, else by name and telephone, in the file and in the store.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.schema import Layer
from geo.validate import GeometryKinds
from services.catalog.layers import LAYERS
from services.imports.check.code_faults import KEPT_DIGITS, codes_text
from services.imports.check.draft import CheckedRows
from services.imports.check.links import Directory, repaired_name
from services.imports.options import StoredData
from services.rules.people import normal_name, person_code

_FEWEST_ZEROS: Final = 2
"""So many new codes that end in zeros, and no long one that does not, are no chance."""
_FINGERPRINT_BYTES: Final = 6
_SHAPE_GRID_DEGREES: Final = 1e-7


PersonKey = tuple[str, str]
"""Name in its one form, and telephone number."""


@dataclass(frozen=True, slots=True)
class Persons:
    """``n`` rows as persons: keyed identity hash, name in its one form, telephone number; each None where unknown."""

    identities: Sequence[str | None]
    names: Sequence[str | None]
    phones: Sequence[str | None]

    def key(self, place: int) -> PersonKey | None:
        """Return name and telephone, None where one of them is unknown."""
        name, phone = self.names[place], self.phones[place]
        return (name, phone) if name and phone else None


@dataclass(frozen=True, slots=True)
class KnownPersons:
    """The stored members: codes by identity and by name and telephone, and both by code."""

    by_identity: Mapping[str, str]
    by_key: Mapping[PersonKey, str]
    identities: Mapping[str, str]
    keys: Mapping[str, PersonKey]

    def code_of(self, identity: str | None, key: PersonKey | None) -> str | None:
        """Return the code of a person; who has another identity number is another person."""
        if identity and identity in self.by_identity:
            return self.by_identity[identity]
        code = self.by_key.get(key) if key else None
        other = self.identities.get(code) if code else None
        return None if identity and other and identity != other else code


def give_codes(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Give every row its code; refuse rows that have none, and those whose code or person is not theirs alone."""
    spec, cells = LAYERS[draft.layer], draft.column("code").tolist()
    persons, known = _read_persons(draft.frame), _known_persons(draft.stored)
    if draft.layer is Layer.MEMBERS:
        draft.codes = _person_codes(persons, cells, known, salt=draft.stored.salt)
    elif spec.is_piece:
        draft.codes = [code or _fingerprint(draft.layer, shape) for code, shape in zip(cells, shapes, strict=True)]
    else:
        draft.codes = _codes_by_name(draft, cells)
    count = sum(code is not None and cell is None for code, cell in zip(draft.codes, cells, strict=True))
    if count:
        draft.note("codes_made", count=count)
    without_code = [code is None for code in draft.codes]
    draft.reject_where(without_code, "", "no_key_member" if draft.layer is Layer.MEMBERS else "no_key")
    is_new = np.array([code not in draft.stored_codes for code in draft.codes], dtype=bool)
    if GeometryKinds.AREA in spec.shapes:
        _refuse_placeless(draft, is_new & shapely.is_missing(shapes))
    if not spec.is_piece and "name" not in draft.mapping.columns:
        draft.reject_where(is_new, "", "nameless")
    _refuse_spoiled(draft, [cell if is_in else None for cell, is_in in zip(cells, draft.accepted, strict=True)])
    _tell_shortened(draft, cells)
    if draft.layer is Layer.MEMBERS:
        _refuse_same_persons(draft, persons, known)
    _refuse_duplicates(draft, cells)


def _codes_by_name(draft: CheckedRows, cells: Sequence[str | None]) -> list[str | None]:
    """Return the codes of rows that are known by their names; one found under a repaired name gets the stored name."""
    directory = Directory(draft.before["name"])
    parent_of = draft.before["parent_code"].to_dict() if "parent_code" in draft.before.columns else {}
    codes, names = list(cells), draft.column("name").tolist()
    for place, (name, parent) in enumerate(zip(names, draft.parents, strict=True)):
        if codes[place] or not name:
            continue
        codes[place], is_repaired = _known_code(name, parent, directory, parent_of)
        if codes[place] is None:
            full = repaired_name(name)
            codes[place] = f"{parent}-{full}" if parent else full
        elif is_repaired:
            names[place] = directory.name(str(codes[place]))
            draft.note_row(place, "name_repaired", "", name[:40], official=names[place])
    if "name" in draft.frame.columns:
        draft.frame["name"] = draft.as_column(names)
    return codes


def _known_code(
    name: str, parent: str | None, directory: Directory, parent_of: Mapping[Any, Any]
) -> tuple[str | None, bool]:
    """Return the code of the stored row of that name whose parent does not contradict, and if the name was repaired."""
    found = directory.find(name)
    candidates = (found.code,) if found.code else found.candidates
    fitting = [c for c in candidates if not parent or not parent_of.get(c) or parent_of[c] == parent]
    return (fitting[0], found.is_repaired) if len(fitting) == 1 else (None, False)


def _fingerprint(layer: Layer, shape: Any) -> str | None:
    if shape is None or shape.is_empty:
        return None
    rounded = shapely.set_precision(shape, _SHAPE_GRID_DEGREES, mode="pointwise")
    digest = hashlib.blake2b(shapely.to_wkb(shapely.normalize(rounded)), digest_size=_FINGERPRINT_BYTES)
    return f"{layer.value[0].upper()}-{digest.hexdigest()}"


def _refuse_placeless(draft: CheckedRows, is_placeless: NDArray[np.bool_]) -> None:
    """Refuse new zones that have no shape, and estates that have neither place nor grid."""
    if draft.layer is Layer.ESTATES:
        is_placeless = is_placeless & np.array([parent is None for parent in draft.parents], dtype=bool)
    draft.reject_where(is_placeless, "", "null_geometry")


def _refuse_spoiled(draft: CheckedRows, cells: Sequence[str | None]) -> None:
    """Refuse codes from which a spreadsheet took digits at the end or zeros in front.

    A code that has lost digits tells of its column: where every long code ends in zeros, those that are stored are
    refused too, since it is chance that a spoiled code is that of another row. Where nothing is stored to compare
    them with, that is only told: codes may be numbered in tens.
    """
    spoiled = {code: draft.known_codes.spoiled(code) for code in cells if code}
    long = {code for code in spoiled if len(code) > KEPT_DIGITS and code.isdecimal()}
    are_zeros = bool(long) and not any(code[KEPT_DIGITS:].strip("0") for code in long)
    is_every_spoiled = any(spoiled.values()) and are_zeros
    padded = {code for code in (*draft.stored_codes, *cells) if code and code.startswith("0")}
    whole = {code.lstrip("0"): code for code in sorted(padded)}
    for place, code in enumerate(cells):
        if code and (spoiled[code] or (is_every_spoiled and code in long)):
            draft.reject(place, "end_lost", draft.header("code"), code, whole=codes_text(spoiled[code] or (code,)))
        if code in whole and code not in draft.stored_codes:
            draft.reject(place, "zeros_lost", draft.header("code"), code, whole=whole[code])
    new = long - draft.stored_codes if are_zeros and not is_every_spoiled else set()
    if len(new) >= _FEWEST_ZEROS:
        draft.note("ends_in_zeros", draft.header("code"), count=len(new), digits=KEPT_DIGITS)


def _tell_shortened(draft: CheckedRows, cells: Sequence[str | None]) -> None:
    """Tell of accepted rows with whole codes that seem to be stored with digits lost; refuse those of the same name.

    Taken as new they would be counted twice.
    """
    if not draft.stored_codes:
        return
    names, stored_names = draft.column("name").tolist(), draft.before["name"]
    for place in draft.accepted_places:
        code = cells[place]
        stored = draft.known_codes.shortened(code) if code else ()
        if not code or not stored:
            continue
        name = normal_name(str(names[place] or ""))
        is_same = any(name and normal_name(str(stored_names[each])) == name for each in stored)
        tell = draft.reject if is_same else draft.note_row
        kind = "stored_shortened" if is_same else "maybe_shortened"
        tell(place, kind, draft.header("code"), code, stored=codes_text(stored))


def _refuse_duplicates(draft: CheckedRows, cells: Sequence[str | None]) -> None:
    """Refuse every accepted row whose code an earlier accepted row has, and name that row."""
    kind_of_name = "duplicate_person" if draft.layer is Layer.MEMBERS else "duplicate_name"
    names, first = draft.column("name").tolist(), dict[str, int]()
    for place in draft.accepted_places:
        code = str(draft.codes[place])
        if code not in first:
            first[code] = draft.rows[place]
            continue
        kind = "duplicate_code" if cells[place] else kind_of_name if names[place] else "duplicate_shape"
        shown = code[:40] if kind == "duplicate_code" else ""
        draft.reject(place, kind, draft.header("code"), shown, first_row=first[code])


def _read_persons(values: pd.DataFrame) -> Persons:
    """Return the rows of a roster, as ``read_rows`` gives them, as persons."""
    return Persons(*(_cells(values, field) for field in ("identity", "name", "phone")))


def _known_persons(stored_data: StoredData) -> KnownPersons:
    """Return the stored members; of two with one name and telephone the first counts."""
    before = stored_data.layer(Layer.MEMBERS)
    codes = list(map(str, before.index.tolist()))
    hashes, names, phones = (_cells(before, field) for field in ("identity_hash", "name", "phone"))
    keys = {
        code: (normal_name(name), phone)
        for code, name, phone in zip(codes, names, phones, strict=True)
        if name and phone
    }
    identities = {code: hashed for code, hashed in zip(codes, hashes, strict=True) if hashed}
    return KnownPersons(
        {hashed: code for code, hashed in identities.items()},
        {key: code for code, key in reversed(keys.items())},
        identities,
        keys,
    )


def _person_codes(
    persons: Persons, cells: Sequence[str | None], known_persons: KnownPersons, *, salt: bytes
) -> list[str | None]:
    """Return the code of each person: the stated or stored one, else one made from what is known of them."""
    return [
        cells[place]
        or known_persons.code_of(identity, persons.key(place))
        or person_code(identity_hash=identity, name=name or "", phone=phone, salt=salt)
        for place, (identity, name, phone) in enumerate(
            zip(persons.identities, persons.names, persons.phones, strict=True)
        )
    ]


def _refuse_same_persons(draft: CheckedRows, persons: Persons, known_persons: KnownPersons) -> None:
    """Refuse every accepted row whose person stands in an earlier row, or is stored, under another code."""
    first: dict[Any, int] = {}
    for place in draft.accepted_places:
        identity, key, code = persons.identities[place], persons.key(place), str(draft.codes[place])
        header = draft.header("identity" if identity else "name")
        earlier = next((first[mark] for mark in (identity, key) if mark is not None and mark in first), None)
        if earlier is not None and _is_one(identity, persons.identities[earlier]):
            draft.reject(place, "duplicate_person", header, first_row=draft.rows[earlier])
            continue
        first.update({mark: place for mark in (identity, key) if mark is not None and mark not in first})
        other = known_persons.code_of(identity, key)
        is_stored = known_persons.identities.get(code) == identity and known_persons.keys.get(code) == key
        if other is not None and other != code and not is_stored:
            draft.reject(place, "person_stored", header, code=other)


def _is_one(identity: str | None, other: str | None) -> bool:
    return not identity or not other or identity == other


def _cells(frame: pd.DataFrame, name: str) -> list[Any]:
    if name not in frame.columns:
        return [None] * len(frame)
    return [cell if isinstance(cell, str) and cell else None for cell in frame[name].tolist()]
