"""Packages (承包) with their posts, batches and what was given back: plain rows in and out.

What the rows mean is decided by ``services.rostering``; here they are only kept.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select, update

from geo.schema import Layer
from services.store import package_tables as tables
from services.store import roster_tables
from services.store.rows import Row, add_row, all_rows, in_parts, insert_into
from services.store.tables import layers

_PACKAGES: Final = tables.packages.c
_MEMBERS: Final = layers[Layer.MEMBERS].c
_PARTS: Final = {
    "posts": tables.package_posts,
    "batches": tables.package_batches,
    "members": tables.batch_members,
    "releases": tables.package_releases,
}


class Packages:
    """Packages, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_package(self, post_rows: Sequence[Row], **values: object) -> int:
        """Write a package with its posts and return its number."""
        number = add_row(self._connection, tables.packages, **values)
        rows = [{**post, "package_id": number} for post in post_rows]
        self._connection.execute(insert(tables.package_posts), rows)
        return number

    def find_package(self, event_id: str) -> int | None:
        """Return the number of the package that an event made, or None."""
        found = self._connection.scalar(select(_PACKAGES.id).where(_PACKAGES.event_id == event_id))
        return None if found is None else int(found)

    def read_packages(self, *, numbers: Collection[int] | None = None, start: str = "", end: str = "9999") -> list[Row]:
        """Return packages that hold at some time after ``start`` and before ``end``, by beginning and number.

        Each with its rows of ``posts batches members releases``.
        """
        wanted = select(tables.packages).where(_PACKAGES.start < end, _PACKAGES.end > start)
        if numbers is not None:
            wanted = wanted.where(_PACKAGES.id.in_(numbers))
        rows = all_rows(self._connection, wanted.order_by(_PACKAGES.start, _PACKAGES.id))
        parts = {name: self._parts(table, [row["id"] for row in rows]) for name, table in _PARTS.items()}
        return [{**row, **{name: part[row["id"]] for name, part in parts.items()}} for row in rows]

    def set_package(self, package_id: int, **values: object) -> None:
        """Change columns of a package."""
        self._connection.execute(update(tables.packages).where(_PACKAGES.id == package_id).values(**values))

    def put_batches(self, package_id: int, rows: Sequence[Row]) -> None:
        """Write the batches of a package in place of those before, and of whom was named for them."""
        for table in (tables.batch_members, tables.package_batches):
            self._connection.execute(delete(table).where(table.c.package_id == package_id))
        if rows:
            written = [{**row, "package_id": package_id} for row in rows]
            self._connection.execute(insert(tables.package_batches), written)

    def put_members(self, package_id: int, number: int, member_codes: Collection[str]) -> None:
        """Write who is in a batch, in place of those before."""
        members = tables.batch_members
        here = (members.c.package_id == package_id) & (members.c.number == number)
        self._connection.execute(delete(members).where(here))
        if member_codes:
            batch = {"package_id": package_id, "number": number}
            self._connection.execute(insert(members), [{**batch, "member_code": code} for code in sorted(member_codes)])

    def add_release(self, **values: object) -> bool:
        """Write what a unit gives back; return whether it had not been given back before."""
        table = tables.package_releases
        written = insert_into(self._connection, table).values(**values).on_conflict_do_nothing()
        return self._connection.execute(written.returning(table.c.package_id)).first() is not None

    def read_shifts(self, post_codes: Collection[str], start: str, end: str) -> list[Row]:
        """Return the shifts of every roster that begin at some posts in a time, with its ``mode``; drafts last."""
        shifts, rosters = roster_tables.shifts, roster_tables.rosters
        joined = select(shifts, rosters.c.mode).join(rosters, rosters.c.id == shifts.c.roster_id)
        wanted = joined.where((shifts.c.start >= start) & (shifts.c.start < end))
        wanted = wanted.order_by(rosters.c.state == "draft", rosters.c.id.desc(), shifts.c.start)
        return [
            row
            for part in in_parts(post_codes)
            for row in all_rows(self._connection, wanted.where(shifts.c.post_code.in_(part)))
        ]

    # People

    def find_members(self, unit_code: str, names: Collection[str]) -> list[Row]:
        """Return the members of a unit with one of some names or codes: ``code name``, by code."""
        wanted = select(_MEMBERS.code, _MEMBERS.name).where(_MEMBERS.unit_code == unit_code)
        known = _MEMBERS.name.in_(list(names)) | _MEMBERS.code.in_(list(names))
        return all_rows(self._connection, wanted.where(known).order_by(_MEMBERS.code))

    def read_of_member(self, member_code: str) -> dict[str, list[Row]]:
        """Return what packages hold of a member: ``batches``."""
        members, batches = tables.batch_members.c, tables.package_batches.c
        wanted = select(members.package_id, batches.start, batches.end).join(
            tables.package_batches, (batches.package_id == members.package_id) & (batches.number == members.number)
        )
        wanted = wanted.where(members.member_code == member_code).order_by(members.package_id, members.number)
        return {"batches": all_rows(self._connection, wanted)}

    def forget_members(self, member_codes: Collection[str]) -> int:
        """Take some members out of every batch; return of how many."""
        members = tables.batch_members
        return sum(
            self._connection.execute(delete(members).where(members.c.member_code.in_(part))).rowcount
            for part in in_parts(member_codes)
        )

    def forget_names(self, before: str) -> int:
        """Take everybody out of the batches of packages that ended before an instant; return how many there were."""
        members = tables.batch_members
        ended = select(_PACKAGES.id).where(_PACKAGES.end < before)
        return self._connection.execute(delete(members).where(members.c.package_id.in_(ended))).rowcount

    def _parts(self, table: Table, numbers: Collection[int]) -> dict[int, list[Row]]:
        grouped: dict[int, list[Row]] = defaultdict(list)
        keys: list[Any] = list(table.primary_key)
        for row in all_rows(self._connection, select(table).where(table.c.package_id.in_(numbers)).order_by(*keys)):
            grouped[row["package_id"]].append(row)
        return grouped
