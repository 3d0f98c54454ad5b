"""What stands sealed in the store: telephone numbers, and the salt by which identity numbers are hashed.

The store seals when it writes; what it reads comes back sealed unless somebody asks for it opened, here.
"""

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, bindparam, select, update

from geo.schema import Layer
from services.field_encryption import PREFIX, FieldCipher
from services.store import tables
from services.store.rows import in_parts
from services.store.upsert import insert_into

MARK: Final = "sealed_with"
"""The fact that tells with which key the store is sealed: a fingerprint, from which the key cannot be told."""
SEALED_FACTS: Final = ("identity_salt",)
WITH_PHONES: Final = tuple(layer for layer, table in tables.layers.items() if "phone" in table.c)
MARKED: Final = "gridmuster"
"""Of what that is the fingerprint."""
_KEPT_AT_ONCE: Final = 2_000


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

    def open_phones(self, layer: Layer, codes: Collection[str]) -> dict[str, str]:
        """Return the telephone numbers of some rows in clear, by ``code``; rows without one are left out."""
        return {code: self.open(phone) for code, phone in self._phones(layer, codes) if phone}

    def find_members(self, phone: str) -> list[str]:
        """Return the codes of the members who have a telephone number (in its normal form), sorted."""
        table = tables.layers[Layer.MEMBERS].c
        wanted = select(table.code).where(table.phone_hash == self._sealer().fingerprint(phone)).order_by(table.code)
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

    def needs_key(self) -> bool:
        """Return whether something is sealed here, or stands in clear that has to be."""
        if self.mark() is not None or self._clear_facts():
            return True
        clear = (select(tables.layers[layer].c.phone).where(_is_clear(layer)).limit(1) for layer in WITH_PHONES)
        return any(self._connection.scalar(statement) is not None for statement in clear)

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

    def seal_what_is_clear(self) -> int:
        """Seal what an earlier version of the program wrote in clear; return how many values that were."""
        count = sum(self._seal_layer(layer) for layer in WITH_PHONES) + self._seal_kept_rows() + self._seal_facts()
        self.leave_mark()
        return count

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

    def _seal_layer(self, layer: Layer) -> int:
        table = tables.layers[layer]
        rows = self._connection.execute(select(table.c.fid, table.c.phone).where(_is_clear(layer))).all()
        if not rows:
            return 0
        changed: dict[str, Any] = {"phone": bindparam("sealed")}
        values = [
            {"key": row.fid, "sealed": sealed}
            for row, sealed in zip(rows, self._seal_all([row.phone for row in rows]), strict=True)
        ]
        if layer is Layer.MEMBERS:
            changed["phone_hash"] = bindparam("hashed")
            hashes = self._fingerprints([row.phone for row in rows])
            values = [value | {"hashed": hashed} for value, hashed in zip(values, hashes, strict=True)]
        self._connection.execute(update(table).where(table.c.fid == bindparam("key")).values(**changed), values)
        return len(rows)

    def _seal_kept_rows(self) -> int:
        """Seal the numbers in the rows that imports have replaced, which are kept as JSON."""
        table, count, last = tables.replaced_rows, 0, 0
        named = [layer.value for layer in WITH_PHONES]
        wanted = select(table.c.id, table.c.layer, table.c.row).where(table.c.layer.in_(named)).order_by(table.c.id)
        while rows := self._connection.execute(wanted.where(table.c.id > last).limit(_KEPT_AT_ONCE)).all():
            last = rows[-1].id
            sealed = [{"key": row.id, "sealed": self._seal_kept(Layer(row.layer), row.row)} for row in rows]
            statement = update(table).where(table.c.id == bindparam("key")).values(row=bindparam("sealed"))
            self._connection.execute(statement, sealed)
            count += len(rows)
        return count

    def _seal_kept(self, layer: Layer, kept: str) -> str:
        row = json.loads(kept)
        phone = row["phone"]
        if layer is Layer.MEMBERS:
            row = {"keep_until": None} | row | {"phone_hash": self._fingerprints([phone])[0] if phone else None}
        if phone:
            row["phone"] = self._seal_all([phone])[0]
        return json.dumps(row, ensure_ascii=False)

    def _clear_facts(self) -> list[tuple[str, str]]:
        facts = tables.facts.c
        found = self._connection.execute(select(facts.name, facts.value).where(facts.name.in_(SEALED_FACTS)))
        return [(name, value) for name, value in found if not value.startswith(PREFIX)]

    def _seal_facts(self) -> int:
        clear = self._clear_facts()
        for name, value in clear:
            sealed = self._sealer().seal(value)
            self._connection.execute(update(tables.facts).where(tables.facts.c.name == name).values(value=sealed))
        return len(clear)


def _is_clear(layer: Layer) -> Any:
    phone = tables.layers[layer].c.phone
    return phone.is_not(None) & (phone != "") & phone.not_like(PREFIX + "%")
