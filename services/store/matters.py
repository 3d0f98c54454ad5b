"""Matters with their history, and kinds that were declared: plain rows; what they mean is for ``services.matters``."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from services.store.matter_tables import kinds, matter_events, matters
from services.store.rows import Row, add_row, all_rows, first_row, in_parts, number_parts

_MATTERS: Final = matters.c
_EVENTS: Final = matter_events.c


class Matters:
    """Matters, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_kind(self, **values: object) -> None:
        """Write a version of a kind."""
        self._connection.execute(insert(kinds).values(**values))

    def read_kinds(self) -> list[Row]:
        """Return every version of every kind that was declared, by code, the oldest first."""
        return all_rows(self._connection, select(kinds).order_by(kinds.c.code, kinds.c.version))

    def add_matter(self, **values: object) -> int:
        """Write a matter and return its number."""
        return add_row(self._connection, matters, revision=1, **values)

    def read_matter(self, matter_id: int) -> Row | None:
        """Return a matter, or None."""
        return first_row(self._connection, select(matters).where(_MATTERS.id == matter_id))

    def find_matter(self, event_id: str) -> int | None:
        """Return the number of the matter that an event made, or None."""
        number = self._connection.scalar(select(_MATTERS.id).where(_MATTERS.event_id == event_id))
        return None if number is None else int(number)

    def read_matters(self, *, since: str = "", **where: Collection[str]) -> list[Row]:
        """Return the matters asked from a time on whose columns hold one of the values given, by number."""
        wanted = select(matters).where(*(_MATTERS[name].in_(values) for name, values in where.items()))
        return all_rows(self._connection, wanted.where(_MATTERS.asked_at >= since).order_by(_MATTERS.id))

    def set_matter(self, matter_id: int, **values: object) -> None:
        """Change columns of a matter; its revision grows by one."""
        changed = values | {"revision": _MATTERS.revision + 1}
        self._connection.execute(update(matters).where(_MATTERS.id == matter_id).values(**changed))

    def add_event(self, **values: object) -> int:
        """Write what was done to a matter."""
        return add_row(self._connection, matter_events, **values)

    def read_events(self, matter_ids: Collection[int]) -> dict[int, list[Row]]:
        """Return what was done to some matters, each in order, by number."""
        events: dict[int, list[Row]] = defaultdict(list)
        for part in number_parts(matter_ids):
            rows = select(matter_events).where(_EVENTS.matter_id.in_(part)).order_by(_EVENTS.id)
            for row in all_rows(self._connection, rows):
                events[row["matter_id"]].append(row)
        return events

    def read_of_member(self, member_code: str) -> dict[str, list[Row]]:
        """Return the ``matters`` about a member, each with its ``events``."""
        own = all_rows(self._connection, select(matters).where(_MATTERS.subject == f"members:{member_code}"))
        events = self.read_events([row["id"] for row in own])
        return {"matters": [{**row, "events": events[row["id"]]} for row in own]}

    def forget_members(self, member_codes: Collection[str]) -> int:
        """Empty the matters about some members, and what was said when things were done; return how many there were."""
        count = 0
        for part in in_parts([f"members:{code}" for code in member_codes]):
            numbers = list(self._connection.scalars(select(_MATTERS.id).where(_MATTERS.subject.in_(part))))
            nothing = {"title": "", "body": "", "fields": "{}", "subject": "members:"}
            self._connection.execute(update(matters).where(_MATTERS.id.in_(numbers)).values(**nothing))
            self._connection.execute(update(matter_events).where(_EVENTS.matter_id.in_(numbers)).values(detail="{}"))
            count += len(numbers)
        return count

    def forget_past(self, before: str) -> int:
        """Delete matters that were closed or withdrawn and asked before a time; return how many there were."""
        past = select(_MATTERS.id).where(_MATTERS.asked_at < before, _MATTERS.state.in_(("closed", "withdrawn")))
        numbers = list(self._connection.scalars(past))
        for part in number_parts(numbers):
            self._connection.execute(update(matters).where(_MATTERS.about.in_(part)).values(about=None))
            self._connection.execute(delete(matter_events).where(_EVENTS.matter_id.in_(part)))
            self._connection.execute(delete(matters).where(_MATTERS.id.in_(part)))
        return len(numbers)
