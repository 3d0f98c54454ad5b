"""The audit trail in the store: rows are added to the chain, searched, and walked through for a check."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, insert, select

from services.field_encryption import FieldCipher
from services.store import tables
from services.store.encryption import EncryptedValues
from services.store.hash_chain import (
    NOTHING_YET,
    Anchor,
    AuditRow,
    ChainCheck,
    digest_of,
    examine,
    read_anchor,
    write_anchor,
)
from services.store.rows import insert_into

ANCHOR: Final = "audit_newest"
"""The fact that tells which row of the trail is the newest; without it nobody would miss rows at the end."""
_PURPOSE: Final = "audit"
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows of the trail are asked for; what is empty asks for nothing."""

    since: str = ""
    """From this time on, as it is stored (ISO 8601), which sorts as text."""
    until: str = ""
    """Before this time."""
    actor: str = ""
    action: str = ""
    object: str = ""
    """Part of the object."""


class AuditLog:
    """The audit trail, on one connection."""

    def __init__(self, connection: Connection, cipher: Callable[[], FieldCipher], encryption: EncryptedValues) -> None:
        self._connection = connection
        self._sealer = cipher
        self._sealed = encryption
        self.added: Anchor | None = None
        """The newest row that this transaction has added."""

    def add(self, *, at: str, actor: str, action: str, target: str, detail: Mapping[str, Any]) -> None:
        """Add a row to the chain; ``detail`` holds ids and counts, never values of personal data.

        Rows are numbered one after the other: writers take turns, so no number is left out.
        """
        self._sealed.leave_mark()
        newest = self.newest() or self._newest_row()
        said = json.dumps(detail, ensure_ascii=False)
        row = AuditRow(max(newest.id, self.last_number()) + 1, at, actor, action, target, said, newest.digest)
        row = replace(row, digest=digest_of(row, self._mac))
        self._connection.execute(insert(tables.audit).values(**_values(row)))
        self._set_newest(Anchor(row.id, newest.rows + 1, row.digest))

    def newest(self) -> Anchor | None:
        """Return which row is the newest by what is noted of it, None where the note is none of ours."""
        return read_anchor(self._stored_anchor(), self._mac)

    def last_number(self) -> int:
        """Return the number of the newest row that is there, 0 for none: it grows with every change of the store."""
        return int(self._connection.scalar(select(func.max(tables.audit.c.id))) or 0)

    def find(self, query: AuditQuery, *, limit: int, skip: int = 0) -> pd.DataFrame:
        """Return rows of the trail, newest first, indexed by ``id``: ``at actor action object detail``."""
        table = tables.audit
        columns = [table.c[name] for name in ("id", "at", "actor", "action", "object", "detail")]
        wanted = select(*columns).where(*_conditions(query)).order_by(table.c.id.desc()).limit(limit).offset(skip)
        rows = self._connection.execute(wanted).all()
        return pd.DataFrame(rows, columns=[column.name for column in columns]).set_index("id")

    def count(self, query: AuditQuery) -> int:
        """Return how many rows ``find`` has to offer."""
        wanted = select(func.count()).select_from(tables.audit).where(*_conditions(query))
        return int(self._connection.scalar(wanted) or 0)

    def read_begin(self) -> str | None:
        """Return when the first row was written, ISO 8601: since when there is a trail; None where there is none."""
        table = tables.audit.c
        return self._connection.scalar(select(table.at).order_by(table.id).limit(1))

    def actors(self) -> list[str]:
        """Return everybody who stands in the trail, sorted."""
        return list(self._connection.scalars(select(tables.audit.c.actor).distinct().order_by(tables.audit.c.actor)))

    def targets(self, actor: str, action: str, *, since: str, until: str) -> dict[str, str]:
        """Return what somebody did an action to in a time, both ends included, and when last, by object."""
        table = tables.audit.c
        by_whom = (table.actor == actor, table.action == action, table.at >= since, table.at <= until)
        wanted = select(table.object, func.max(table.at).label("at")).where(*by_whom).group_by(table.object)
        return {row.object: row.at for row in self._connection.execute(wanted)}

    def examine(self) -> ChainCheck:
        """Check the whole chain."""
        if self._stored_anchor() is None and self.last_number() == 0:
            return ChainCheck(0, 0, ())
        return examine(self._walk(), self.newest() if self._stored_anchor() else None, self._mac)

    def digest_of(self, number: int) -> str | None:
        """Return the digest of a row, None where there is no such row."""
        return self._connection.scalar(select(tables.audit.c.digest).where(tables.audit.c.id == number))

    def _walk(self) -> Iterator[AuditRow]:
        table = tables.audit.c
        last: int | None = None
        wanted = select(
            table.id, table.at, table.actor, table.action, table.object, table.detail, table.previous, table.digest
        ).order_by(table.id)
        while True:
            after = wanted if last is None else wanted.where(table.id > last)
            rows = self._connection.execute(after.limit(_AT_ONCE)).all()
            if not rows:
                return
            yield from (AuditRow(*row) for row in rows)
            last = rows[-1].id

    def _newest_row(self) -> Anchor:
        """Return the newest row that is there: with a note that is none of ours, work goes on and a check says so."""
        table = tables.audit.c
        row = self._connection.execute(select(table.id, table.digest).order_by(table.id.desc()).limit(1)).first()
        return NOTHING_YET if row is None else Anchor(row.id, self.count(AuditQuery()), row.digest)

    def _stored_anchor(self) -> str | None:
        return self._connection.scalar(select(tables.facts.c.value).where(tables.facts.c.name == ANCHOR))

    def _set_newest(self, anchor: Anchor) -> None:
        written = insert_into(self._connection, tables.facts).values(name=ANCHOR, value=write_anchor(anchor, self._mac))
        changed = {"value": written.excluded.value}
        self._connection.execute(written.on_conflict_do_update(index_elements=["name"], set_=changed))
        self.added = anchor

    def _mac(self, said: str) -> str:
        return self._sealer().mac(_PURPOSE, said)


def _values(row: AuditRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in AuditRow.__slots__}


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    table = tables.audit.c
    asked = [
        (query.since, table.at >= query.since),
        (query.until, table.at < query.until),
        (query.actor, table.actor == query.actor),
        (query.action, table.action == query.action),
        (query.object, table.object.contains(query.object, autoescape=True)),
    ]
    return [condition for given, condition in asked if given]
