"""Pairings (结对) of units and communities: plain rows, and the codes of communities that units have joined."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import pandas as pd
from sqlalchemy import Connection, bindparam, delete, select

from geo.schema import Layer
from services.store.rows import Row, all_rows, in_parts, insert_into
from services.store.tables import batches, layers, pairings

COMMUNITY_CODES: Final = "community_codes"
"""The column of units that is made of their live pairings."""
_PAIRINGS: Final = pairings.c
_KEY: Final = ("unit_code", "community_code", "kind")
_KIND: Final = "paired"
"""Of pairings of which nobody says more than that they are."""
F = TypeVar("F", bound=pd.DataFrame)


class Pairings:
    """Pairings, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read_pairings(self, **where: str) -> list[Row]:
        """Return the pairings, live or not, whose columns have some values, by unit, community and kind."""
        own = [column for column in pairings.columns if column.name != "batch_id"]
        wanted = select(*own).where(*(_PAIRINGS[name] == value for name, value in where.items()))
        return all_rows(self._connection, wanted.order_by(*pairings.primary_key))

    def read_paired(self, community_code: str) -> list[str]:
        """Return the codes of the units that are paired with a community now, sorted."""
        here = _PAIRINGS.community_code == community_code
        wanted = select(_PAIRINGS.unit_code).where(here, _PAIRINGS.until.is_(None)).distinct()
        return list(self._connection.scalars(wanted.order_by(_PAIRINGS.unit_code)))

    def put_pairings(self, rows: Sequence[Row]) -> None:
        """Write pairings by their keys, in place of those before; a person does, no import."""
        self._put([{"batch_id": None, **row} for row in rows])

    def join_codes(self, frame: F) -> F:
        """Give units, indexed by ``code``, the codes of the communities they are paired with, joined by ``;``."""
        codes: dict[str, list[str]] = defaultdict(list)
        wanted = select(_PAIRINGS.unit_code, _PAIRINGS.community_code).where(_PAIRINGS.until.is_(None)).distinct()
        for unit, community in self._connection.execute(wanted.order_by(*wanted.selected_columns)):
            codes[unit].append(community)
        values = [";".join(codes[code]) if code in codes else None for code in frame.index]
        frame.insert(int("name" in frame), COMMUNITY_CODES, pd.Series(values, index=frame.index, dtype="str"))
        return frame

    def state_codes(self, codes: pd.Series, batch_id: int | None) -> None:
        """Let units, by code, be paired with the communities whose codes are stated, joined, and with no others.

        Those that go on keep what is known of them. Others end on the day of the import, without one they go.
        """
        known = codes.dropna().astype(str).items()
        wanted = {(str(unit), each) for unit, joined in known for each in joined.split(";") if each}
        live = [row for part in in_parts([str(unit) for unit in codes.index]) for row in self._live(part)]
        gone = [row for row in live if (row["unit_code"], row["community_code"]) not in wanted]
        more = wanted - {(row["unit_code"], row["community_code"]) for row in live}
        if batch_id is None:
            self._delete(gone)
        else:
            self._put([{**row, "until": self._day_of(batch_id), "batch_id": batch_id} for row in gone])
        fresh = {"kind": _KIND, "plaque": False, "since": None, "until": None, "batch_id": batch_id}
        self._put([{"unit_code": unit, "community_code": each, **fresh} for unit, each in sorted(more)])

    def read_of_units(self, unit_codes: Iterable[str]) -> dict[str, list[Row]]:
        """Return every column of the pairings of some units, by unit."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for part in in_parts(list(unit_codes)):
            for row in all_rows(self._connection, select(pairings).where(_PAIRINGS.unit_code.in_(part))):
                grouped[row["unit_code"]].append(row)
        return grouped

    def restore(self, batch_id: int, rows: Sequence[Row]) -> None:
        """Take back what an import wrote, and put back what stood there; what a person has said since stays."""
        self._connection.execute(delete(pairings).where(_PAIRINGS.batch_id == batch_id))
        if rows:
            statement = insert_into(self._connection, pairings).on_conflict_do_nothing()
            self._connection.execute(statement, [dict(row) for row in rows])

    def forget_deleted(self) -> None:
        """Delete the pairings of units that are no longer there."""
        there = select(layers[Layer.UNITS].c.code)
        self._connection.execute(delete(pairings).where(_PAIRINGS.unit_code.not_in(there)))

    def _live(self, unit_codes: Sequence[str]) -> list[Row]:
        own = _PAIRINGS.unit_code.in_(unit_codes)
        return all_rows(self._connection, select(pairings).where(own, _PAIRINGS.until.is_(None)))

    def _put(self, rows: Sequence[Row]) -> None:
        if rows:
            statement = insert_into(self._connection, pairings)
            changed = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
            statement = statement.on_conflict_do_update(index_elements=_KEY, set_=changed)
            self._connection.execute(statement, [dict(row) for row in rows])

    def _delete(self, rows: Sequence[Row]) -> None:
        keys = [{f"old_{name}": row[name] for name in _KEY} for row in rows]
        if keys:
            key = (_PAIRINGS[name] == bindparam(f"old_{name}") for name in _KEY)
            self._connection.execute(delete(pairings).where(*key), keys)

    def _day_of(self, batch_id: int) -> str:
        return str(self._connection.scalar(select(batches.c.at).where(batches.c.id == batch_id)))[:10]
