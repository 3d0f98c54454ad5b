"""The GeoPackage codec: geometry blobs, the ``gpkg_*`` tables and the extents that other programs read.

Blobs are also what a geometry column gives and takes in Python on either store; PostGIS turns them into its own form.
The tables and extents belong to the file alone: on PostgreSQL those functions do nothing.

Source: OGC 12-128r18 (GeoPackage 1.3.1), clauses 1.1.1.1.1 (application id), 1.1.2 to 2.1.3 (tables and blobs).
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Dialect, MetaData
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

from geo.schema import STORED_CRS

APPLICATION_ID: Final = 0x47504B47
USER_VERSION: Final = 10301
_LITTLE_ENDIAN_NO_ENVELOPE: Final = 0x01
_HAS_SRID: Final = 0x20000000
_POINT: Final = 1
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)
_EMPTY: Final = 0x10
_WGS84_WKT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEM_TABLES: Final = (
    """CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
        srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents(table_name), column_name TEXT NOT NULL,
        geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id),
        z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name))""",
)


class Geometry(UserDefinedType[bytes]):
    """A geometry column; its values are GeoPackage blobs, on PostGIS too."""

    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """Return the column type as GeoPackage spells it."""
        return self.kind

    def bind_processor(self, dialect: Dialect) -> Callable[[bytes | None], bytes | str | None]:
        """Return what turns a blob into what the database takes."""
        if dialect.name == "sqlite":
            return lambda blob: blob
        return lambda blob: None if blob is None else blob_to_ewkb(blob)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bytes | None] | None:
        """Return what turns what the database gives into a blob."""
        del coltype
        if dialect.name == "sqlite":
            return None
        return lambda ewkb: None if ewkb is None else ewkb_to_blob(ewkb)


@compiles(Geometry, "postgresql")
def _postgis_type(kind: Geometry, _compiler: object, **_: object) -> str:
    return f"geometry({kind.kind}, {STORED_CRS})"


def to_blobs(geometries: Iterable[object]) -> list[bytes | None]:
    """Return one GeoPackage blob a geometry (little-endian, no envelope, EPSG:4326), None for None."""
    shapes = np.fromiter(geometries, dtype=object)
    empty = shapely.is_empty(shapes)
    wkb = shapely.to_wkb(shapely.force_2d(shapes), byte_order=1)
    heads = [_head(_LITTLE_ENDIAN_NO_ENVELOPE), _head(_LITTLE_ENDIAN_NO_ENVELOPE | _EMPTY)]
    return [None if w is None else heads[int(e)] + w for w, e in zip(wkb, empty, strict=True)]


def from_blobs(blobs: Iterable[bytes | None]) -> NDArray[np.object_]:
    """Return the geometries of GeoPackage blobs, None for None; an envelope is passed over."""
    wkb = [None if b is None else wkb_of_blob(b) for b in blobs]
    shapes: NDArray[np.object_] = shapely.from_wkb(np.array(wkb, dtype=object))
    return shapes


def create_system_tables(connection: Connection) -> None:
    """Make an empty database a GeoPackage: its ids, its tables and the three reference systems it must name."""
    if not _is_file(connection):
        return
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _SYSTEM_TABLES:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84", STORED_CRS, "EPSG", STORED_CRS, _WGS84_WKT, "longitude, latitude"),
        ],
    )


def register_tables(connection: Connection, metadata: MetaData) -> None:
    """Name every table with a geometry column in ``gpkg_contents`` and ``gpkg_geometry_columns``."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Geometry):
                register_table(connection, table.name, column.name, column.type.kind)


def register_table(connection: Connection, table: str, column: str, kind: str) -> None:
    """Name one table with a geometry column of a kind, as GeoPackage spells it; elsewhere nothing is to be done."""
    if not _is_file(connection):
        return
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)",
        (table, table, STORED_CRS),
    )
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)", (table, column, kind, STORED_CRS)
    )


def unregister_table(connection: Connection, table: str) -> None:
    """Forget a table that is dropped."""
    if _is_file(connection):
        connection.exec_driver_sql("DELETE FROM gpkg_geometry_columns WHERE table_name = ?", (table,))
        connection.exec_driver_sql("DELETE FROM gpkg_contents WHERE table_name = ?", (table,))


def update_extent(connection: Connection, table_name: str, bounds: tuple[float, float, float, float] | None) -> None:
    """Record the extent (degrees; None where nothing has a geometry) and the time of change of a table."""
    if not _is_file(connection):
        return
    connection.exec_driver_sql(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now'),"
        " min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
        (*(bounds or (None,) * 4), table_name),
    )


def widen_extent(connection: Connection, table_name: str, blobs: Sequence[bytes]) -> None:
    """Make the extent of a table hold some geometries that were written, and record the time of change.

    It may stay wider than what is there when a geometry at its border was replaced: other programs only look there.
    """
    if not _is_file(connection):
        return
    statement = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?"
    before = connection.exec_driver_sql(statement, (table_name,)).one()
    boxes = [*shapely.bounds(from_blobs(blobs)).tolist(), *([] if None in before else [list(before)])]
    known = np.array([box for box in boxes if not np.isnan(box).any()])
    ends = (*known[:, :2].min(axis=0).tolist(), *known[:, 2:].max(axis=0).tolist()) if len(known) else None
    update_extent(connection, table_name, ends)


def _is_file(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _head(flags: int) -> bytes:
    return struct.pack("<2sBBi", b"GP", 0, flags, STORED_CRS)


def wkb_of_blob(blob: bytes) -> bytes:
    """Return the WKB inside a GeoPackage blob; an envelope is passed over."""
    return blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]


def blob_of_wkb(wkb: bytes) -> bytes:
    """Return the GeoPackage blob of a little-endian WKB (no envelope, EPSG:4326)."""
    return _head(_LITTLE_ENDIAN_NO_ENVELOPE | (_EMPTY if _is_empty(wkb) else 0)) + wkb


def blob_to_ewkb(blob: bytes) -> str:
    """Return the EWKB that PostGIS takes for a blob."""
    wkb = wkb_of_blob(blob)
    (kind,) = struct.unpack_from("<I", wkb, 1)
    return (wkb[:1] + struct.pack("<Ii", kind | _HAS_SRID, STORED_CRS) + wkb[5:]).hex()


def ewkb_to_blob(ewkb: str) -> bytes:
    """Return the blob of an EWKB as PostGIS gives it (little-endian on every machine we run on)."""
    raw = bytes.fromhex(ewkb)
    (kind,) = struct.unpack_from("<I", raw, 1)
    if not kind & _HAS_SRID:
        return blob_of_wkb(raw)
    return blob_of_wkb(raw[:1] + struct.pack("<I", kind & ~_HAS_SRID) + raw[9:])


def _is_empty(wkb: bytes) -> bool:
    """Return whether nothing is in it: a point without coordinates, or a list of no parts."""
    if struct.unpack_from("<I", wkb, 1)[0] == _POINT:
        x = struct.unpack_from("<d", wkb, 5)[0]
        return bool(x != x)  # noqa: PLR0124 - true of NaN alone
    return bool(struct.unpack_from("<I", wkb, 5)[0] == 0)
