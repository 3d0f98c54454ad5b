"""Every table of the store, once: the embedded GeoPackage and migrations are made from these.

Layer tables have ``fid`` (the integer key GeoPackage asks for), ``code`` (the key people know) and ``batch_id`` (the
import that last wrote the row). Geometry is longitude, latitude in EPSG:4326.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from geo.schema import Layer
from services.store.gpkg import Geometry

metadata: Final = MetaData()


def _layer(layer: Layer, *columns: Column[object], geometry: str | None) -> Table:
    """Return the table of a layer: key, code, name, then its own columns, then batch and geometry."""
    shape = [Column("geom", Geometry(geometry))] if geometry else []
    return Table(
        layer.value,
        metadata,
        Column("fid", Integer, primary_key=True, autoincrement=True),
        Column("code", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False, default=""),
        *columns,
        Column("batch_id", Integer, index=True),
        *shape,
    )


def _parent() -> Column[object]:
    return Column("parent_code", Text, index=True)


def _population() -> tuple[Column[object], ...]:
    """People who live there, as counts; null where nobody has said."""
    return (Column("residents", Integer), Column("households", Integer), Column("outsiders", Integer))


layers: Final[dict[Layer, Table]] = {
    Layer.DISTRICTS: _layer(Layer.DISTRICTS, _parent(), geometry="MULTIPOLYGON"),
    Layer.SUBDISTRICTS: _layer(Layer.SUBDISTRICTS, _parent(), geometry="MULTIPOLYGON"),
    Layer.COMMUNITIES: _layer(Layer.COMMUNITIES, _parent(), *_population(), geometry="MULTIPOLYGON"),
    Layer.GRIDS: _layer(Layer.GRIDS, _parent(), *_population(), geometry="MULTIPOLYGON"),
    Layer.ESTATES: _layer(
        Layer.ESTATES,
        _parent(),
        *_population(),
        Column("blocks", Integer),
        Column("gates", Integer),
        Column("managed", Boolean),
        Column("mixed_use", Boolean),
        Column("address", Text),
        geometry="GEOMETRY",
    ),
    Layer.UNITS: _layer(
        Layer.UNITS,
        Column("community_codes", Text),
        Column("contact", Text),
        Column("phone", Text),
        Column("address", Text),
        geometry="POINT",
    ),
    Layer.MEMBERS: _layer(
        Layer.MEMBERS,
        Column("unit_code", Text, index=True),
        Column("community_code", Text, index=True),
        Column("phone", Text),
        Column("identity_hash", Text, index=True),
        Column("address", Text),
        Column("skills", Text),
        Column("available_workday", Float),
        Column("available_evening", Float),
        Column("available_weekend", Float),
        Column("available_night", Float),
        geometry="POINT",
    ),
    Layer.TEAMS: _layer(
        Layer.TEAMS,
        _parent(),
        Column("kind", Text),
        Column("size", Integer),
        Column("unit_code", Text),
        Column("leader", Text),
        Column("leader_role", Text),
        Column("phone", Text),
        Column("skills", Text),
        geometry="POINT",
    ),
    Layer.ROADS: _layer(Layer.ROADS, Column("kind", Text), geometry="GEOMETRY"),
    Layer.WATER: _layer(Layer.WATER, Column("kind", Text), geometry="GEOMETRY"),
}

assignments: Final = Table(
    "assignments",
    metadata,
    Column("member_code", Text, primary_key=True),
    Column("grid_code", Text, index=True),
    Column("estate_code", Text, index=True),
    Column("method", Text, nullable=False),
    Column("distance_m", Float),
    Column("confidence", Float, nullable=False),
    Column("ambiguous", Boolean, nullable=False, default=False),
)

batches: Final = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("layer", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("datum", Text),
    Column("rows_read", Integer, nullable=False),
    Column("rows_accepted", Integer, nullable=False),
    Column("rows_rejected", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("taken_back_at", Text),
)

replaced_rows: Final = Table(
    "replaced_rows",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("layer", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("geom", LargeBinary),
)

header_maps: Final = Table(
    "header_maps",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("headers_sha256", Text, primary_key=True),
    Column("mapping", Text, nullable=False),
)

modes: Final = Table(
    "modes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("mode", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text),
    Column("reason", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("actor", Text, nullable=False),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_audit_at", "at"),
)

versions: Final = Table(
    "versions",
    metadata,
    Column("part", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

facts: Final = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
