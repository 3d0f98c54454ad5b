"""Views of a database for QGIS: the layers of a map in a schema of their own, and no column that is about a person.

Whoever may read that schema alone sees no table: a view reads with the rights of its owner.
"""

from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from geo.schema import Layer
from services.store import tables

MAPPED: Final = (
    Layer.DISTRICTS,
    Layer.SUBDISTRICTS,
    Layer.COMMUNITIES,
    Layer.GRIDS,
    Layer.ESTATES,
    Layer.UNITS,
    Layer.ROADS,
    Layer.WATER,
)
"""Members and teams are left out: they are persons, and may be called after one."""
_LEFT_OUT: Final = frozenset({"contact", "phone", "batch_id"})


def schema_of_views(connection: Connection) -> str:
    """Return the name of the schema of the views: that of the tables and ``_map``."""
    return f"{connection.exec_driver_sql('SELECT current_schema()').scalar()}_map"


def drop_views(connection: Connection) -> None:
    """Drop the views, which would stand in the way of a change of the tables; who may read the schema stays so."""
    schema = schema_of_views(connection)
    for layer in MAPPED:
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{schema}"."{layer.value}"')


def make_views(connection: Connection) -> bool:
    """Make the views anew, and return whether they are there: a user may lack the right to make their schema."""
    schema = schema_of_views(connection)
    home = schema.removesuffix("_map")
    try:
        with connection.begin_nested():
            if connection.exec_driver_sql("SELECT to_regnamespace(%s)", (f'"{schema}"',)).scalar() is None:
                connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
            drop_views(connection)
            for layer in MAPPED:
                columns = ", ".join(f'"{name}"' for name in view_columns(layer))
                rows = f'SELECT {columns} FROM "{home}"."{layer.value}"'  # noqa: S608 - names of our own tables
                connection.exec_driver_sql(f'CREATE VIEW "{schema}"."{layer.value}" WITH (security_barrier) AS {rows}')
    except ProgrammingError:
        return False
    return True


def view_columns(layer: Layer) -> list[str]:
    """Return the columns of a layer's view."""
    return [column.name for column in tables.layers[layer].columns if column.name not in _LEFT_OUT]
