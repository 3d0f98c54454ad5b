"""Frozen briefings, their templates, and what briefings ask of the books: plain rows in, plain rows out."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from geo.schema import Layer
from services.store import tables
from services.store.rows import Row, add_row, all_rows, first_row

_HEAD: Final = [c for c in tables.briefings.columns if c.name not in {"body", "maps", "made_by"}]


class Briefings:
    """Briefings and templates, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Frozen briefings

    def add(self, **values: object) -> int:
        """Write a frozen briefing and return its number."""
        return add_row(self._connection, tables.briefings, **values)

    def read(self, number: int) -> Row | None:
        """Return a frozen briefing with everything that was kept, or None."""
        return first_row(self._connection, select(tables.briefings).where(tables.briefings.c.number == number))

    def read_body(self, number: int) -> str | None:
        """Return the words of a frozen briefing without its maps, or None."""
        kept = tables.briefings.c
        return self._connection.scalar(select(kept.body).where(kept.number == number))

    def read_heads(self, *, mode: str | None = None, limit: int | None = None) -> list[Row]:
        """Return frozen briefings without words and maps, newest first; only those of a mode where one is given."""
        kept = tables.briefings.c
        wanted = select(*_HEAD).order_by(kept.number.desc()).limit(limit)
        return all_rows(self._connection, wanted if mode is None else wanted.where(kept.mode == mode))

    def read_head(self, number: int) -> Row | None:
        """Return a frozen briefing without words and maps, or None."""
        return first_row(self._connection, select(*_HEAD).where(tables.briefings.c.number == number))

    # Templates

    def write_template(self, name: str, area: str, **values: object) -> None:
        """Write a template in place of the one of that name of that area."""
        self.delete_template(name, area)
        self._connection.execute(insert(tables.briefing_templates).values(name=name, area=area, **values))

    def read_templates(self) -> list[Row]:
        """Return every template by name and area."""
        table = tables.briefing_templates
        return all_rows(self._connection, select(table).order_by(table.c.name, table.c.area))

    def delete_template(self, name: str, area: str) -> bool:
        """Delete a template of an area; return whether it was there."""
        table = tables.briefing_templates
        named = (table.c.name == name, table.c.area == area)
        return self._connection.execute(delete(table).where(*named)).rowcount > 0

    # What briefings ask of the books

    def read_changed_at(self, actions: Collection[str]) -> str | None:
        """Return when the data changed last, ISO 8601: the newest of these actions in the audit, imports, orders."""
        audit, batches, events = tables.audit, tables.batches, tables.order_events
        newest = [
            self._connection.scalar(
                select(audit.c.at).where(audit.c.action.in_(actions)).order_by(audit.c.at.desc()).limit(1)
            ),
            self._connection.scalar(select(func.max(batches.c.at))),
            self._connection.scalar(select(func.max(batches.c.taken_back_at))),
            self._connection.scalar(select(func.max(events.c.at))),
        ]
        return max((at for at in newest if at), default=None)

    def read_imported_at(self) -> str | None:
        """Return when the last import came that was not taken back, ISO 8601."""
        batches = tables.batches
        at: str | None = self._connection.scalar(
            select(func.max(batches.c.at)).where(batches.c.taken_back_at.is_(None))
        )
        return at

    def find_persons(self, names: Collection[str]) -> set[str]:
        """Return those of some words that are the name of a member, a leader or a contact."""
        members, teams, units = (tables.layers[layer] for layer in (Layer.MEMBERS, Layer.TEAMS, Layer.UNITS))
        asked = sorted(set(names))
        found: set[str] = set()
        for column in (members.c.name, teams.c.leader, units.c.contact):
            found.update(self._connection.scalars(select(column).where(column.in_(asked)).distinct()))
        return found
