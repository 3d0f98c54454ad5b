"""Rows of tables as plain values and as frames, and inserts that either database understands.

A layer is a frame indexed by ``code``, geometry in ``geom`` (EPSG:4326).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Boolean, Connection, Float, Integer, Select, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from geo.schema import STORED_CRS
from services.store.geopackage import from_blobs, to_blobs

Row = Mapping[str, Any]
"""Values by column."""

INTERNAL_COLUMNS: Final = ("fid", "batch_id", "phone_hash", "keep_until")
_AT_ONCE: Final = 500
"""A statement takes so many values; more keys are asked for in several."""


def number_parts(numbers: Collection[int]) -> Iterator[list[int]]:
    """Yield distinct numbers in order, in parts that one statement can name."""
    ordered = sorted(set(numbers))
    return (ordered[start : start + 500] for start in range(0, len(ordered), 500))


def in_parts(codes: Collection[str]) -> Iterator[list[str]]:
    """Yield the distinct codes, sorted, in parts that one statement takes.

    Examples
    --------
    >>> list(in_parts(["B", "A", "B"]))
    [['A', 'B']]
    """
    distinct = sorted(set(codes))
    return (distinct[start : start + _AT_ONCE] for start in range(0, len(distinct), _AT_ONCE))


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say what happens to rows that are there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def add_row(connection: Connection, table: Table, **values: object) -> int:
    """Insert a row and return the number that its key (one column) was given."""
    statement = insert(table).values(**values).returning(*table.primary_key)
    return int(connection.execute(statement).scalar_one())


def first_row(connection: Connection, statement: Select[Any]) -> Row | None:
    """Return the first row that a statement gives, or None."""
    row = connection.execute(statement).mappings().first()
    return None if row is None else dict(row)


def all_rows(connection: Connection, statement: Select[Any]) -> list[Row]:
    """Return every row that a statement gives."""
    result = connection.execute(statement)
    names = tuple(result.keys())
    # Thousands of rows: SQLAlchemy's mappings take three times as long.
    return [dict(zip(names, row, strict=True)) for row in result.all()]


def to_frame(table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> gpd.GeoDataFrame:
    """Return rows of a layer as a frame; nulls as docs/conventions.md says."""
    data = _by_column(columns, rows)
    geometry = from_blobs(data.pop("geom")) if "geom" in data else None
    frame = _typed_frame(table, data).set_index("code")
    if geometry is None:
        return frame
    return gpd.GeoDataFrame(frame.assign(geom=geometry), geometry="geom", crs=STORED_CRS)


def to_plain_frame(table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Return rows of a table that is no layer."""
    return _typed_frame(table, _by_column(columns, rows))


def to_records(table: Table, frame: pd.DataFrame, batch_id: int | None) -> list[dict[str, Any]]:
    """Return the rows of a frame as the table takes them; columns the table lacks are left out, nulls become None."""
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name not in {None, "geom"}:
        frame = frame.rename_geometry("geom")
    names = [c.name for c in table.columns if c.name in frame.columns or c.name == frame.index.name]
    plain = frame.reset_index()
    values = {name: to_blobs(plain[name]) if name == "geom" else _plain(plain[name]) for name in names}
    if "batch_id" in table.columns:
        values["batch_id"] = [batch_id] * len(plain)
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def _by_column(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    return dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(columns, ())


def _typed_frame(table: Table, data: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: _typed(table, name, values) for name, values in data.items()})


def _typed(table: Table, name: str, values: Sequence[Any]) -> pd.Series:
    kind = table.columns[name].type
    if isinstance(kind, Boolean):
        return pd.Series(pd.array([None if v is None else bool(v) for v in values], dtype="boolean"))
    if isinstance(kind, Integer | Float):
        return pd.Series(np.array(values, dtype=float))
    return pd.Series(list(values), dtype="str")


def _plain(column: pd.Series) -> list[Any]:
    """Return a column as plain Python values with None for null."""
    values = column.astype(object)
    return list(values.where(column.notna(), None))
