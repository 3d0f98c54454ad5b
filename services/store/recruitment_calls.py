"""Recruitment calls that were given out: plain rows in, plain rows out."""

from sqlalchemy import Connection, insert, select, update

from services.store import tables
from services.store.rows import Row

_CALLS = tables.calls


class Calls:
    """Which grids were asked for people, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_call(self, *, grid_code: str, start: str, end: str, people: int, at: str, actor: str) -> bool:
        """Note that a grid was asked for a window (ISO 8601); return whether that was new.

        A grid is asked for a window once: the first time stays, and the number of people is the largest asked for.
        """
        same = (_CALLS.c.grid_code == grid_code) & (_CALLS.c.start == start) & (_CALLS.c.end == end)
        before = self._connection.scalar(select(_CALLS.c.people).where(same))
        if before is None:
            row = {"grid_code": grid_code, "start": start, "end": end, "people": people, "at": at, "actor": actor}
            self._connection.execute(insert(_CALLS).values(**row))
        elif people > before:
            self._connection.execute(update(_CALLS).where(same).values(people=people))
        return before is None

    def read_calls(self, since: str) -> list[Row]:
        """Return the calls given out at an instant (ISO 8601) or later, in the order in which they were."""
        wanted = select(_CALLS).where(_CALLS.c.at >= since).order_by(_CALLS.c.at, _CALLS.c.id)
        return [dict(row) for row in self._connection.execute(wanted).mappings()]
