"""The books of the store: imports and what they replaced, header maps, modes, facts and the audit trail."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select, update

from geo.schema import Layer
from services.store import tables
from services.store.rows import add_row


class Records:
    """Rows that are no layer, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Imports

    def add_batch(self, **values: object) -> int:
        """Write the row of an import and return its number."""
        return add_row(self._connection, tables.batches, **values)

    def read_batches(self) -> pd.DataFrame:
        """Return every import, newest first, indexed by ``id``."""
        return self._frame(tables.batches, tables.batches.c.id.desc()).set_index("id")

    def mark_taken_back(self, batch_id: int, at: str) -> None:
        """Note when an import was taken back."""
        self._connection.execute(update(tables.batches).where(tables.batches.c.id == batch_id).values(taken_back_at=at))

    # Headers

    def read_header_map(self, layer: Layer, headers_sha256: str) -> dict[str, str] | None:
        """Return how columns with these headers were understood before (field to header), or None."""
        table = tables.header_maps.c
        found = self._connection.scalar(
            select(table.mapping).where(table.layer == layer.value, table.headers_sha256 == headers_sha256)
        )
        return None if found is None else json.loads(found)

    def write_header_map(self, layer: Layer, headers_sha256: str, mapping: Mapping[str, str]) -> None:
        """Remember how columns with these headers are understood."""
        key = {"layer": layer.value, "headers_sha256": headers_sha256}
        table = tables.header_maps
        self._connection.execute(
            table.delete().where(table.c.layer == layer.value, table.c.headers_sha256 == headers_sha256)
        )
        self._connection.execute(insert(table).values(**key, mapping=json.dumps(mapping, ensure_ascii=False)))

    # Modes

    def add_mode(self, **values: object) -> None:
        """Write a declaration of a mode."""
        self._connection.execute(insert(tables.modes).values(**values))

    def read_modes(self) -> pd.DataFrame:
        """Return every declaration of a mode, newest first, indexed by ``id``."""
        return self._frame(tables.modes, tables.modes.c.id.desc()).set_index("id")

    # Facts

    def read_fact(self, name: str) -> str | None:
        """Return one stored fact, or None."""
        return self._connection.scalar(select(tables.facts.c.value).where(tables.facts.c.name == name))

    def write_fact(self, name: str, value: str) -> None:
        """Store one fact in place of the one before."""
        self._connection.execute(tables.facts.delete().where(tables.facts.c.name == name))
        self._connection.execute(insert(tables.facts).values(name=name, value=value))

    def forget_fact(self, name: str) -> None:
        """Delete one fact; one that is not there stays so."""
        self._connection.execute(tables.facts.delete().where(tables.facts.c.name == name))

    # Audit

    def read_audit(self, limit: int) -> pd.DataFrame:
        """Return the newest rows of the audit trail, newest first, indexed by ``id``."""
        return self._frame(tables.audit, tables.audit.c.id.desc(), limit).set_index("id")

    def count_audit(self) -> int:
        """Return how many rows the audit trail has."""
        return int(self._connection.scalar(select(func.count()).select_from(tables.audit)) or 0)

    def _frame(self, table: Table, order: Any, limit: int | None = None) -> pd.DataFrame:
        rows = self._connection.execute(select(table).order_by(order).limit(limit)).all()
        return pd.DataFrame(rows, columns=[c.name for c in table.columns])
