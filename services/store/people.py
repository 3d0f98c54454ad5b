"""What is stored about single persons: found, read as a whole, erased, and due by the end of their time."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, update

from geo.schema import Layer
from services.store import tables
from services.store.rows import Row, all_rows, first_row, in_parts, to_frame

_MEMBERS: Final = tables.layers[Layer.MEMBERS]
_TEAMS: Final = tables.layers[Layer.TEAMS]
_UNITS: Final = tables.layers[Layer.UNITS]
_AT: Final = tables.assignments


@dataclass(frozen=True, slots=True)
class MemberScope:
    """Members of which grids, communities or units are meant; all of them without any."""

    grids: Collection[str] | None = None
    communities: Collection[str] | None = None
    """Of members without a grid."""
    units: Collection[str] | None = None


class PersonRows:
    """Single persons, on one connection. Telephone numbers stay sealed (``Transaction.sealed`` opens them)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @staticmethod
    def within(**bounds: Collection[str]) -> MemberScope:
        """Return whose members are meant: ``grids`` and ``communities``, or ``units``; everybody's without any."""
        return MemberScope(**bounds)

    def search(
        self, within: MemberScope, *, name: str = "", community: str = "", limit: int, offset: int = 0
    ) -> list[Row]:
        """Return members by code: ``code name unit_code community_code grid_code estate_code address``.

        Parameters
        ----------
        within
            Whose members.
        name
            A part of the name; all where it is empty.
        community
            The code of the community they registered with.
        limit, offset
            How many, after how many.
        """
        columns = ("code", "name", "unit_code", "community_code", "address", "keep_until")
        wanted = select(*(_MEMBERS.c[column] for column in columns), _AT.c.grid_code, _AT.c.estate_code)
        found = _wanted(wanted, within, name, community).order_by(_MEMBERS.c.code).limit(limit).offset(offset)
        return all_rows(self._connection, found)

    def count(self, within: MemberScope, *, name: str = "", community: str = "") -> int:
        """Return how many members ``search`` would give without a limit."""
        return int(self._connection.scalar(_wanted(select(func.count()), within, name, community)) or 0)

    def read(self, codes: Collection[str]) -> gpd.GeoDataFrame:
        """Return everything in the rows of some members, indexed by ``code``; unknown codes are left out."""
        names = [column.name for column in _MEMBERS.columns if column.name != "fid"]
        rows = self._rows(select(*(_MEMBERS.c[name] for name in names)).order_by(_MEMBERS.c.code), codes)
        return to_frame(_MEMBERS, names, rows)

    def read_places(self, codes: Collection[str]) -> dict[str, Row]:
        """Return grid, community and unit of some members (``grid_code community_code unit_code``), by code."""
        wanted = select(_MEMBERS.c.code, _AT.c.grid_code, _MEMBERS.c.community_code, _MEMBERS.c.unit_code)
        rows = self._rows(wanted.outerjoin(_AT, _AT.c.member_code == _MEMBERS.c.code), codes)
        return {row.code: dict(row._mapping) for row in rows}  # noqa: SLF001 - the name SQLAlchemy gives it

    def read_assignment(self, code: str) -> Row | None:
        """Return where a member belongs, or None."""
        return first_row(self._connection, select(_AT).where(_AT.c.member_code == code))

    def read_kept(self, code: str) -> list[Row]:
        """Return what stood in a member's row before imports replaced it, oldest first."""
        kept = tables.replaced_rows.c
        wanted = select(kept.batch_id, kept.row).where(kept.layer == Layer.MEMBERS.value, kept.code == code)
        rows = self._connection.execute(wanted.order_by(kept.id))
        return [{"batch_id": row.batch_id, **json.loads(row.row)} for row in rows]

    def read_audit(self, code: str) -> list[Row]:
        """Return the rows of the audit trail that name a member's code, oldest first."""
        audit = tables.audit.c
        columns = (audit.at, audit.actor, audit.action, audit.object, audit.detail)
        named = or_(audit.object.contains(code, autoescape=True), audit.detail.contains(code, autoescape=True))
        return all_rows(self._connection, select(*columns).where(named).order_by(audit.id))

    def read_led(self, name: str) -> Iterator[tuple[Layer, str, str | None]]:
        """Yield the teams that somebody of this name leads and the units whose contact they are.

        Each as layer, code and sealed telephone number: whether it is the same person only the number tells.
        """
        for layer, table, column in ((Layer.TEAMS, _TEAMS, "leader"), (Layer.UNITS, _UNITS, "contact")):
            rows = self._connection.execute(select(table.c.code, table.c.phone).where(table.c[column] == name))
            yield from ((layer, row.code, row.phone) for row in rows)

    def set_keep_until(self, code: str, day: str | None) -> None:
        """Note until when a member is kept (ISO 8601), None for the general rule."""
        self._connection.execute(update(_MEMBERS).where(_MEMBERS.c.code == code).values(keep_until=day))

    def read_last_days(self) -> dict[str, str]:
        """Return until when members are kept (ISO 8601), by ``code``; those under the general rule are left out."""
        stated = select(_MEMBERS.c.code, _MEMBERS.c.keep_until).where(_MEMBERS.c.keep_until.is_not(None))
        return {row.code: row.keep_until for row in self._connection.execute(stated)}

    def due(self, today: str, imported_before: str | None) -> list[str]:
        """Return the codes of the members whose time is over, sorted.

        Parameters
        ----------
        today
            ISO 8601; a member is kept up to and including the day in ``keep_until``.
        imported_before
            Who has no day of their own is due when no import since then has named them; None: they are kept.
        """
        batch = tables.batches
        is_over: ColumnElement[bool] = _MEMBERS.c.keep_until < today
        if imported_before is not None:
            is_over = or_(is_over, and_(_MEMBERS.c.keep_until.is_(None), batch.c.at < imported_before))
        wanted = select(_MEMBERS.c.code).outerjoin(batch, batch.c.id == _MEMBERS.c.batch_id).where(is_over)
        return list(self._connection.scalars(wanted.order_by(_MEMBERS.c.code)))

    def erase(self, codes: Collection[str]) -> dict[str, int]:
        """Delete everything stored about some members but what the audit trail says; return how many rows of what."""
        if self._connection.dialect.name == "sqlite":
            # Deleted rows are written over with zeros, so that nothing of them is left in the file.
            self._connection.exec_driver_sql("PRAGMA secure_delete = ON")
        kept = tables.replaced_rows.c
        gone = dict.fromkeys(("members", "assignments", "memberships", "kept_rows", "skills"), 0)
        for part in in_parts(codes):
            for what, statement in (
                ("skills", delete(tables.member_skills).where(tables.member_skills.c.member_code.in_(part))),
                ("members", delete(_MEMBERS).where(_MEMBERS.c.code.in_(part))),
                ("assignments", delete(_AT).where(_AT.c.member_code.in_(part))),
                ("memberships", delete(tables.team_members).where(tables.team_members.c.member_code.in_(part))),
                (
                    "kept_rows",
                    delete(tables.replaced_rows).where(kept.layer == Layer.MEMBERS.value, kept.code.in_(part)),
                ),
            ):
                gone[what] += self._connection.execute(statement).rowcount
        return gone

    def forget_contact(self, layer: Layer, code: str) -> None:
        """Take the person away whom a team or a unit names."""
        table, column = (_TEAMS, "leader") if layer is Layer.TEAMS else (_UNITS, "contact")
        self._connection.execute(update(table).where(table.c.code == code).values({column: None, "phone": None}))

    def forget_headers(self, values: Collection[str]) -> int:
        """Forget how headers were read that hold one of some values (a file without headers); return how many."""
        maps = tables.header_maps.c
        held = or_(*(maps.mapping.contains(json.dumps(v, ensure_ascii=False)[1:-1], autoescape=True) for v in values))
        return self._connection.execute(delete(tables.header_maps).where(held)).rowcount if values else 0

    def forget_kept_rows(self, before: str) -> int:
        """Forget what imports before a time (ISO 8601) have replaced; they cannot be taken back any more."""
        old = select(tables.batches.c.id).where(tables.batches.c.at < before)
        kept = tables.replaced_rows
        return self._connection.execute(delete(kept).where(kept.c.batch_id.in_(old))).rowcount

    def _rows(self, statement: Select[Any], codes: Collection[str]) -> list[Any]:
        return [
            row
            for part in in_parts(codes)
            for row in self._connection.execute(statement.where(_MEMBERS.c.code.in_(part)))
        ]


def _wanted(statement: Select[Any], within: MemberScope, name: str, community: str) -> Select[Any]:
    wanted = statement.select_from(_MEMBERS).outerjoin(_AT, _AT.c.member_code == _MEMBERS.c.code)
    if within.units is not None:
        wanted = wanted.where(_MEMBERS.c.unit_code.in_(within.units))
    if within.grids is not None:
        homeless = and_(_AT.c.grid_code.is_(None), _MEMBERS.c.community_code.in_(within.communities or []))
        wanted = wanted.where(or_(_AT.c.grid_code.in_(within.grids), homeless))
    if name:
        wanted = wanted.where(_MEMBERS.c.name.contains(name, autoescape=True))
    return wanted.where(_MEMBERS.c.community_code == community) if community else wanted
