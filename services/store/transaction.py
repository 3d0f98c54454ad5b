"""One transaction on the store: layers as frames, assignments, versions, and the books in ``records``."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from geo.schema import Layer
from services.field_encryption import FieldCipher
from services.store import tables
from services.store.accounts import Accounts
from services.store.audit_log import AuditLog
from services.store.briefings import Briefings
from services.store.claims import Claims
from services.store.encryption import EncryptedValues
from services.store.geopackage import update_extent, widen_extent
from services.store.matters import Matters
from services.store.packages import Packages
from services.store.pairings import COMMUNITY_CODES, Pairings
from services.store.people import PersonRows
from services.store.plans import Calls, Plans, TeamRows
from services.store.records import Records
from services.store.roster_counts import RosterCounts
from services.store.rosters import Rosters
from services.store.rows import INTERNAL_COLUMNS, in_parts, insert_into, to_frame, to_plain_frame, to_records
from services.store.shift_needs import ShiftNeeds
from services.store.sign_ups import SignUps
from services.store.skills import COLUMN as SKILLS_COLUMN
from services.store.skills import MemberSkills
from services.store.table_digest import StoreTables, bounds

ASSIGNMENTS: Final = "assignments"
_PAIRINGS: Final = "pairings"
"""Under which the row of a unit that an import replaced keeps its pairings."""


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    """How many rows of a layer were new and how many stood there before."""

    inserted: int
    replaced: int


class Transaction:
    """What can be done inside one transaction; it ends with the ``with`` of the store that gave it."""

    def __init__(self, connection: Connection, cipher: Callable[[], FieldCipher]) -> None:
        self._connection = connection
        self.sealed = EncryptedValues(connection, cipher)
        self.records = Records(connection)
        self.trail = AuditLog(connection, cipher, self.sealed)
        self.plans = Plans(connection)
        self.whole = StoreTables(connection)
        self.briefings = Briefings(connection)
        self.accounts = Accounts(connection)
        self.teams = TeamRows(connection)
        self.calls = Calls(connection)
        self.people = PersonRows(connection)
        self.rosters = Rosters(connection)
        self.roster_counts = RosterCounts(connection)
        self.sign_ups = SignUps(connection)
        self.claims = Claims(connection)
        self.packages = Packages(connection)
        self.pairings = Pairings(connection)
        self.skills = MemberSkills(connection)
        self.shift_needs = ShiftNeeds(connection)
        self.matters = Matters(connection)

    # Layers

    def read_layer(self, layer: Layer, *, columns: Sequence[str] | None = None) -> gpd.GeoDataFrame:
        """Return a layer as a frame indexed by ``code``, in the order of codes; telephone numbers stay sealed.

        Parameters
        ----------
        layer
            Which layer.
        columns
            Only these columns (``code`` comes anyway); without ``geom`` the answer is a plain ``DataFrame``.
        """
        table = tables.layers[layer]
        names = [c.name for c in table.columns if c.name not in INTERNAL_COLUMNS]
        if columns is not None:
            names = ["code", *(name for name in names if name in columns and name != "code")]
        # The codec turns blobs into geometries for the whole column at once.
        rows = self._connection.execute(select(*(table.c[name] for name in names)).order_by(table.c.code)).all()
        frame = to_frame(table, names, rows)
        if layer is Layer.MEMBERS and (columns is None or SKILLS_COLUMN in columns):
            self.skills.put_into(frame)
        is_joined = layer is Layer.UNITS and (columns is None or COMMUNITY_CODES in columns)
        return self.pairings.join_codes(frame) if is_joined else frame

    def count(self, layer: Layer) -> int:
        """Return how many rows a layer has."""
        return int(self._connection.scalar(select(func.count()).select_from(tables.layers[layer])) or 0)

    def count_without_import(self, layer: Layer) -> int:
        """Return how many rows of a layer came with no import: made up for a demo, or made by hand."""
        table = tables.layers[layer]
        wanted = select(func.count()).select_from(table).where(table.c.batch_id.is_(None))
        return int(self._connection.scalar(wanted) or 0)

    def read_codes(self, layer: Layer) -> list[str]:
        """Return the codes of a layer, sorted."""
        table = tables.layers[layer]
        statement = select(table.c.code).order_by(table.c.code)
        return list(self._connection.scalars(statement))

    def upsert(self, layer: Layer, frame: pd.DataFrame, *, batch_id: int | None = None) -> UpsertCounts:
        """Write rows by ``code``: new codes are added, known codes get the values of the columns the frame has.

        Telephone numbers are sealed here, whoever writes them; those read from the store may be written back.
        With a batch, what stood there before is kept, so that the import can be taken back.
        """
        if frame.empty:
            return UpsertCounts(0, 0)
        table = tables.layers[layer]
        known = frame.index.intersection(self.read_codes(layer))
        if batch_id is not None:
            self._keep_replaced(layer, known, batch_id)
        records = to_records(table, self.sealed.seal_phones(layer, frame), batch_id)
        statement = insert_into(self._connection, table)
        changed = {name: statement.excluded[name] for name in records[0] if name != "code"}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changed), records)
        if layer is Layer.UNITS and COMMUNITY_CODES in frame:
            self.pairings.state_codes(frame[COMMUNITY_CODES], batch_id)
        self._state_skills(layer, frame)
        self._changed(layer, [record["geom"] for record in records if record.get("geom")])
        return UpsertCounts(len(frame) - len(known), len(known))

    def change_row(self, layer: Layer, code: str, values: Mapping[str, Any]) -> None:
        """Write some columns of one row that is there; which import it came from stays."""
        table = tables.layers[layer]
        row = pd.DataFrame([dict(values)], index=pd.Index([code], name="code"))
        (record,) = to_records(table, self.sealed.seal_phones(layer, row), None)
        changed = {name: value for name, value in record.items() if name not in {"code", "batch_id"}}
        if changed:
            self._connection.execute(update(table).where(table.c.code == code).values(**changed))
        self._state_skills(layer, row)
        self._changed(layer, [record["geom"]] if record.get("geom") else [])

    def delete(self, layer: Layer, codes: Iterable[str]) -> None:
        """Delete rows of a layer; unknown codes are passed over."""
        table = tables.layers[layer]
        keys = [{"key": code} for code in codes]
        if keys:
            self._forget_skills(layer, [key["key"] for key in keys])
            self._connection.execute(delete(table).where(table.c.code == bindparam("key")), keys)
            self._changed(layer)

    def is_empty(self) -> bool:
        """Return whether no layer holds anything."""
        return not any(self.count(layer) for layer in Layer)

    # Taking an import back

    def codes_of_batch(self, layer: Layer, batch_id: int) -> list[str]:
        """Return the codes that an import wrote last."""
        table = tables.layers[layer]
        return list(self._connection.scalars(select(table.c.code).where(table.c.batch_id == batch_id)))

    def codes_replaced_by_others(self, layer: Layer, batch_id: int) -> list[str]:
        """Return the codes of an import that a later import has rewritten since."""
        kept = tables.replaced_rows.c
        rows = self._connection.execute(
            select(kept.code, kept.row).where(kept.layer == layer.value, kept.batch_id > batch_id)
        )
        return sorted({row.code for row in rows if json.loads(row.row)["batch_id"] == batch_id})

    def restore_replaced(self, layer: Layer, batch_id: int) -> None:
        """Delete what an import added and put back what it replaced."""
        kept, table = tables.replaced_rows, tables.layers[layer]
        self._forget_skills(layer, self.codes_of_batch(layer, batch_id))
        self._connection.execute(delete(table).where(table.c.batch_id == batch_id))
        rows = self._connection.execute(select(kept.c.row, kept.c.geom).where(kept.c.batch_id == batch_id)).all()
        before = [json.loads(row.row) | ({"geom": row.geom} if "geom" in table.c else {}) for row in rows]
        paired = [pairing for row in before for pairing in row.pop(_PAIRINGS, ())]
        if layer is Layer.UNITS:
            self.pairings.restore(batch_id, paired)
        skills = {row["code"]: row.pop(SKILLS_COLUMN, ()) for row in before} if layer is Layer.MEMBERS else {}
        if before:
            self._connection.execute(insert(table), before)
            self.skills.replace(skills)
        self._connection.execute(delete(kept).where(kept.c.batch_id == batch_id))
        self._changed(layer)

    def _keep_replaced(self, layer: Layer, codes: Collection[str], batch_id: int) -> None:
        table = tables.layers[layer]
        for part in in_parts(codes):
            rows = self._connection.execute(select(table).where(table.c.code.in_(part))).mappings().all()
            beside = self._read_beside(layer, part)
            whole = [dict(row) | beside.get(row["code"], {}) for row in rows]
            self._connection.execute(insert(tables.replaced_rows), [_kept_row(layer, batch_id, row) for row in whole])

    def _read_beside(self, layer: Layer, codes: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return what other tables hold of some rows, by code: pairings of units, skills of members."""
        if layer is Layer.UNITS:
            return {code: {_PAIRINGS: rows} for code, rows in self.pairings.read_of_units(codes).items()}
        if layer is Layer.MEMBERS:
            return {code: {SKILLS_COLUMN: rows} for code, rows in self.skills.read(codes).items()}
        return {}

    def _state_skills(self, layer: Layer, frame: pd.DataFrame) -> None:
        if layer is Layer.MEMBERS and SKILLS_COLUMN in frame.columns:
            self.skills.state({str(code): words for code, words in frame[SKILLS_COLUMN].items()})
            self.touch(tables.member_skills.name)

    def _forget_skills(self, layer: Layer, codes: Collection[str]) -> None:
        if layer is Layer.MEMBERS:
            self.skills.forget_members(codes)
            self.touch(tables.member_skills.name)

    # Assignments

    def read_assignments(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return where every member belongs, indexed by ``member_code``: all columns (docs/conventions.md) or some."""
        table = tables.assignments
        names = [c.name for c in table.columns] if columns is None else ["member_code", *columns]
        rows = self._connection.execute(select(*(table.c[n] for n in names)).order_by(table.c.member_code)).all()
        frame = to_plain_frame(table, names, rows).set_index("member_code")
        return frame.astype({"ambiguous": bool}) if "ambiguous" in frame else frame

    def read_members_of(self, grid_code: str) -> list[str]:
        """Return the codes of the members who belong to a grid, sorted."""
        table = tables.assignments.c
        statement = select(table.member_code).where(table.grid_code == grid_code).order_by(table.member_code)
        return list(self._connection.scalars(statement))

    def replace_assignments(self, frame: pd.DataFrame) -> None:
        """Write the assignments of all members in place of those before."""
        self._connection.execute(delete(tables.assignments))
        if len(frame):
            self._connection.execute(insert(tables.assignments), to_records(tables.assignments, frame, None))
        self.touch(ASSIGNMENTS)

    def put_assignment(self, member_code: str, **values: Any) -> None:
        """Write the assignment of one member in place of the one before."""
        statement = insert_into(self._connection, tables.assignments).values(member_code=member_code, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["member_code"], set_=values))
        self.touch(ASSIGNMENTS)

    # Versions

    def versions(self) -> dict[str, int]:
        """Return the version at which each part (a layer, ``assignments``, …) changed last; absent means never."""
        return {row.part: row.version for row in self._connection.execute(select(tables.versions))}

    def data_version(self) -> int:
        """Return a number that grows with every change of data; 0 for an empty store."""
        return int(self._connection.scalar(select(func.max(tables.versions.c.version))) or 0)

    def touch(self, part: str) -> None:
        """Note that a part has changed."""
        statement = insert_into(self._connection, tables.versions).values(part=part, version=self.data_version() + 1)
        changed = {"version": statement.excluded.version}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["part"], set_=changed))

    def _changed(self, layer: Layer, geometries: Sequence[bytes] | None = None) -> None:
        """Note that a layer has changed; its extent is widened by what was written, or made anew where rows went."""
        if layer is Layer.TEAMS:
            self.teams.forget_deleted()
        if layer is Layer.UNITS:
            self.pairings.forget_deleted()
        self.touch(layer.value)
        table = tables.layers[layer]
        if geometries is None:
            update_extent(self._connection, table.name, bounds(self._connection, table))
        else:
            widen_extent(self._connection, table.name, geometries)


def _kept_row(layer: Layer, batch_id: int, row: dict[str, Any]) -> dict[str, Any]:
    geom = row.pop("geom", None)
    return {
        "batch_id": batch_id,
        "layer": layer.value,
        "code": row["code"],
        "row": json.dumps(row, ensure_ascii=False),
        "geom": geom,
    }
