"""Who a row of a roster is: by identity number, else by name and telephone, in the file and in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.schema import Layer
from services.imports.check.draft import CheckedRows
from services.imports.options import StoredData
from services.rules.people import normal_name, person_code

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


def read_persons(values: pd.DataFrame) -> Persons:
    """Return the rows of a roster, as ``read_rows`` gives them, as persons."""
    return Persons(*(_cells(values, field) for field in ("identity", "name", "phone")))


def known_persons(stored_data: StoredData) -> KnownPersons:
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


def person_codes(
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


def refuse_same_persons(draft: CheckedRows, persons: Persons, known_persons: KnownPersons) -> None:
    """Refuse every accepted row whose person stands in an earlier row, or is stored, under another code."""
    first: dict[Any, int] = {}
    for place in draft.places:
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
