"""What stands sealed in the store: telephone numbers, and the salt by which identity numbers are hashed.

The store seals when it writes; what it reads comes back sealed unless somebody asks for it opened, here.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Final

import pandas as pd
from sqlalchemy import Connection, select

from geo.schema import Layer
from services.field_encryption import PREFIX, FieldCipher
from services.store import tables
from services.store.rows import in_parts, insert_into

MARK: Final = "sealed_with"
"""The fact that tells with which key the store is sealed: a fingerprint, from which the key cannot be told."""
WITH_PHONES: Final = tuple(layer for layer, table in tables.layers.items() if "phone" in table.c)
MARKED: Final = "gridmuster"
"""Of what that is the fingerprint."""


class EncryptedValues:
    """Sealed values, on one connection. The key is fetched when something is to be sealed or opened, not before."""

    def __init__(self, connection: Connection, cipher: Callable[[], FieldCipher]) -> None:
        self._connection = connection
        self._sealer = cipher

    def seal(self, value: str) -> str:
        """Return a text as it may be kept."""
        self.leave_mark()
        return self._sealer().seal(value)

    def open(self, value: object) -> str:
        """Return a sealed text in clear; null is empty, and what is not sealed comes back as it is."""
        return self._sealer().open(value) if isinstance(value, str) else ""

    def fingerprint(self, phone: str) -> str:
        """Return by what a telephone number (in its normal form) is found."""
        return self._sealer().fingerprint(phone)

    def hash_words(self, purpose: str, words: str) -> str:
        """Return by what words are known again that are not kept, another one for each purpose."""
        return self._sealer().mac(purpose, words)

    def open_phones(self, layer: Layer, codes: Collection[str]) -> dict[str, str]:
        """Return the telephone numbers of some rows in clear, by ``code``; rows without one are left out."""
        return {code: self.open(phone) for code, phone in self._phones(layer, codes) if phone}

    def find_members(self, phone: str) -> list[str]:
        """Return the codes of the members who have a telephone number (in its normal form), sorted."""
        table = tables.layers[Layer.MEMBERS].c
        wanted = select(table.code).where(table.phone_hash == self.fingerprint(phone)).order_by(table.code)
        return list(self._connection.scalars(wanted))

    def seal_phones(self, layer: Layer, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a layer as they may be kept: telephone numbers sealed, members' with a fingerprint."""
        if layer not in WITH_PHONES or "phone" not in frame.columns:
            return frame
        stated = frame["phone"].astype(object)
        there = stated.notna() & stated.ne("")
        sealed = stated.where(there, None)
        added: dict[str, pd.Series] = {"phone": sealed}
        if there.any():
            self.leave_mark()
            sealed[there] = self._seal_all(stated[there].tolist())
        if layer is Layer.MEMBERS:
            added["phone_hash"] = stated.where(there, None)
            added["phone_hash"][there] = self._fingerprints(stated[there].tolist())
        return frame.assign(**added)

    def mark(self) -> str | None:
        """Return with which key the store is sealed, None if nothing is."""
        facts = tables.facts.c
        return self._connection.scalar(select(facts.value).where(facts.name == MARK))

    def own_mark(self) -> str:
        """Return what ``mark`` is for the key at hand."""
        return self._sealer().fingerprint(MARKED)

    def leave_mark(self) -> None:
        """Note with which key the store is sealed, if that is not noted yet."""
        if self.mark() is None:
            written = insert_into(self._connection, tables.facts).values(name=MARK, value=self.own_mark())
            self._connection.execute(written.on_conflict_do_nothing())

    def _seal_all(self, values: list[str]) -> list[str]:
        """Return texts sealed; those that are sealed already stay as they are."""
        clear = iter(self._sealer().seal_all([value for value in values if not value.startswith(PREFIX)]))
        return [value if value.startswith(PREFIX) else next(clear) for value in values]

    def _fingerprints(self, values: list[str]) -> list[str]:
        return self._sealer().fingerprint_all([self.open(value) for value in values]) if values else []

    def _phones(self, layer: Layer, codes: Collection[str]) -> Iterator[tuple[str, str | None]]:
        table = tables.layers[layer].c
        for part in in_parts(codes):
            yield from self._connection.execute(select(table.code, table.phone).where(table.code.in_(part)))
