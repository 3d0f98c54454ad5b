"""What PostgreSQL with PostGIS needs besides SQL: how to connect, begin, order texts, and number on after a copy.

For QGIS there are views: the layers of a map in a schema of their own, and no column that is about a person. Whoever
may read that schema alone sees no table: a view reads with the rights of its owner.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Integer, MetaData, Table, create_engine, event, func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo.schema import Layer
from services.i18n import text
from services.store import tables
from services.store.errors import StoreError
from services.store.geopackage import Geometry
from services.store.rights import give_rights, read_rights

_ONE_WRITER: Final = 0x67726964
"""Key of the advisory lock that every writing transaction holds: one writer at a time, as in a file."""
_NOT_INSTALLED: Final = frozenset({"0A000", "58P01"})
"""States of PostgreSQL: an extension that is not available, a file that is not there."""
_SESSION: Final = {
    "synchronous_commit": "on",
    "statement_timeout": "60s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "10min",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_CONNECT: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "gridmuster",
    "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
}
"""A server that is gone is noticed within seconds. What the address says itself goes before these."""
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


def make_engine(url: URL) -> Engine:
    """Return the engine of a PostGIS store; lost connections are noticed and made again."""
    arguments: dict[str, Any] = {name: value for name, value in _CONNECT.items() if name not in url.query}
    engine = create_engine(
        url, connect_args=arguments, pool_pre_ping=True, pool_size=10, max_overflow=20, pool_timeout=10,
        hide_parameters=True,
    )  # fmt: skip
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Let one writer in at a time, who sees what those before have committed; readers see one state throughout."""
    if connection.get_execution_options().get("write", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def prepare_database(connection: Connection) -> None:
    """Make sure that the database keeps Chinese texts and geometries, before its tables are made.

    Raises
    ------
    StoreError
        If it is not in UTF-8, or has no PostGIS and this user may not add it.
    """
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    if connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
        raise StoreError(
            text("The database is not in UTF-8; make it with: {command}", command="createdb -E UTF8 -T template0")
        )
    if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'postgis'").scalar():
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION postgis")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _NOT_INSTALLED:
            raise StoreError(
                text(
                    "PostGIS is not installed on the server of the database. Its administrator installs it: {command}",
                    command="apt-get install postgresql-15-postgis-3",
                )
            ) from error
        name = connection.exec_driver_sql("SELECT current_database()").scalar()
        command = f'psql -d {name} -c "CREATE EXTENSION postgis"'
        raise StoreError(
            text(
                "The database lacks PostGIS, and this user may not add it. Its administrator adds it with: {command}",
                command=command,
            )
        ) from error


def finish_tables(connection: Connection, metadata: MetaData) -> None:
    """Give every text the order of its code points, as Python and SQLite have it, and every geometry an index."""
    rows = connection.exec_driver_sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    changes: dict[str, list[str]] = {}
    for table, column in rows:
        if table in metadata.tables:
            changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"')
    for table, actions in changes.items():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(actions)}')
    for name, table_ in metadata.tables.items():
        if any(isinstance(column.type, Geometry) for column in table_.columns):
            connection.exec_driver_sql(f'CREATE INDEX IF NOT EXISTS "gx_{name}_geom" ON "{name}" USING gist (geom)')


def number_on(connection: Connection, table: Table) -> None:
    """Let the next row of a table that was filled with its numbers get the number after the highest."""
    for column in table.primary_key:
        if not isinstance(column.type, Integer) or column is not table.autoincrement_column:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        highest = connection.scalar(select(func.max(column)))
        if sequence is not None:
            connection.execute(
                sql("SELECT setval(CAST(:sequence AS regclass), :number, :used)"),
                {"sequence": sequence, "number": highest or 1, "used": highest is not None},
            )


def schema_of_views(connection: Connection) -> str:
    """Return the name of the schema of the views: that of the tables and ``_map``."""
    return f"{connection.exec_driver_sql('SELECT current_schema()').scalar()}_map"


def rights_on_views(connection: Connection) -> list[str]:
    """Return the statements that give others their rights on the views; see ``rights.read_rights``."""
    return read_rights(connection, schema_of_views(connection), [layer.value for layer in MAPPED])


def drop_views(connection: Connection) -> list[str]:
    """Drop the views, which would stand in the way of a change of the tables; return who may read them, for later."""
    schema, rights = schema_of_views(connection), rights_on_views(connection)
    for layer in MAPPED:
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{schema}"."{layer.value}"')
    return rights


def make_views(connection: Connection, rights: Sequence[str] = ()) -> bool:
    """Make the views anew, and return whether they are there: a user may lack the right to make their schema.

    Whoever might read those that were there may read these, and so may whoever ``drop_views`` told of.
    """
    schema = schema_of_views(connection)
    home = schema.removesuffix("_map")
    try:
        with connection.begin_nested():
            if connection.exec_driver_sql("SELECT to_regnamespace(%s)", (f'"{schema}"',)).scalar() is None:
                connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
            rights = [*rights, *drop_views(connection)]
            for layer in MAPPED:
                columns = [*(f'"{name}"' for name in view_columns(layer)), *_joined_columns(layer, home)]
                rows = f'SELECT {", ".join(columns)} FROM "{home}"."{layer.value}"'  # noqa: S608 - names of our own tables
                connection.exec_driver_sql(f'CREATE VIEW "{schema}"."{layer.value}" WITH (security_barrier) AS {rows}')
            give_rights(connection, rights)
    except ProgrammingError:
        return False
    return True


def view_columns(layer: Layer) -> list[str]:
    """Return the columns of a layer's view."""
    return [column.name for column in tables.layers[layer].columns if column.name not in _LEFT_OUT]


def _joined_columns(layer: Layer, home: str) -> list[str]:
    """Return the columns of a layer's view that are made of another table: the communities of a unit."""
    if layer is not Layer.UNITS:
        return []
    codes = "string_agg(DISTINCT community_code, ';' ORDER BY community_code)"
    live = f'"{home}"."pairings" WHERE unit_code = units.code AND until IS NULL'
    return [f"(SELECT {codes} FROM {live}) AS community_codes"]  # noqa: S608 - names of our own tables
