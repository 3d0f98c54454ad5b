"""The whole store, table by table: what copying and comparing two stores need. Rows go over exactly as they stand."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
from sqlalchemy import Connection, Table, func, insert, select

from services.store import postgis
from services.store.geopackage import Geometry, from_blobs, update_extent, wkb_of_blob
from services.store.rows import Row
from services.store.tables import metadata

_AT_ONCE: Final = 2_000
"""Rows that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a table holds, in short: equal in two stores when, and only when, every row is."""

    rows: int
    values_sha256: str
    """Of everything but geometry, in the order of the keys."""
    shapes_sha256: str
    """Of the coordinates, bit by bit (WKB)."""


class StoreTables:
    """Every table of the store, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def names(self) -> list[str]:
        """Return the names of all tables, each after those that it refers to."""
        return [table.name for table in metadata.sorted_tables]

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return {
            table.name: self._connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }

    def read(self, name: str) -> Iterator[list[Row]]:
        """Yield the rows of a table in the order of its key, some thousand at a time."""
        table = metadata.tables[name]
        statement = select(table).order_by(*table.primary_key).execution_options(stream_results=True)
        for part in self._connection.execute(statement).mappings().partitions(_AT_ONCE):
            yield [dict(row) for row in part]

    def write(self, name: str, rows: Sequence[Row]) -> None:
        """Add rows to a table with their keys."""
        self._connection.execute(insert(metadata.tables[name]), [dict(row) for row in rows])

    def fingerprint(self, name: str) -> Fingerprint:
        """Return the fingerprint of a table."""
        table = metadata.tables[name]
        shapes = [column.name for column in table.columns if isinstance(column.type, Geometry)]
        plain = [column.name for column in table.columns if column.name not in shapes]
        count, values, coordinates = 0, hashlib.sha256(), hashlib.sha256()
        for rows in self.read(name):
            count += len(rows)
            for row in rows:
                values.update(repr([row[column] for column in plain]).encode())
                for column in shapes:
                    coordinates.update(b"-" if row[column] is None else wkb_of_blob(row[column]))
        return Fingerprint(count, values.hexdigest(), coordinates.hexdigest())

    def finish(self) -> None:
        """After rows were written with their keys: go on numbering after them, and note the extents in a file."""
        for table in metadata.sorted_tables:
            if self._connection.dialect.name == "postgresql":
                postgis.number_on(self._connection, table)
            elif "geom" in table.columns and isinstance(table.c.geom.type, Geometry):
                update_extent(self._connection, table.name, bounds(self._connection, table))


def bounds(connection: Connection, table: Table) -> tuple[float, float, float, float] | None:
    """Return the extent of the geometries of a table in degrees, None where there are none."""
    blobs = connection.scalars(select(table.c.geom).where(table.c.geom.is_not(None))).all()
    if not blobs:
        return None
    west, south, east, north = gpd.GeoSeries(from_blobs(blobs)).total_bounds
    return float(west), float(south), float(east), float(north)
