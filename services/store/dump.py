"""Backups of a database by PostgreSQL's own programs: ``pg_dump`` writes them, ``pg_restore`` reads them.

Only the tables of the program go in: the extension and its tables belong to the database that takes them.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, inspect

from services.i18n import Text, text
from services.store import postgis
from services.store.errors import StoreError, without_password
from services.store.rights import give_rights, read_rights
from services.store.tables import metadata

VERSION_TABLE: Final = "alembic_version"
_INSTALLED: Final = Path("/usr/lib/postgresql")
_NUMBER: Final = re.compile(r"(\d+)")


class DumpError(StoreError):
    """A program of PostgreSQL is missing or did not do what it was asked to."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)


@contextmanager
def snapshot(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """Give a connection that reads one state of the database, and the name under which others can read the same."""
    with engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield connection, str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar())
        transaction.rollback()


def write(engine: Engine, snapshot_name: str, out: Path) -> None:
    """Dump the tables of the store in the state of a snapshot, compressed, readable by the owner alone.

    Raises
    ------
    DumpError
        If there is no ``pg_dump`` of the server's version, or it fails.
    """
    with engine.connect() as connection:
        major, schema = _major(connection), connection.exec_driver_sql("SELECT current_schema()").scalar()
        names = [name for name in _own_tables() if inspect(connection).has_table(name)]
    os.close(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    chosen = [f'--table="{schema}"."{name}"' for name in names]
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot_name}"]
    _run(find_program("pg_dump", major), [*options, *chosen, f"--file={out}"], engine.url)
    with out.open("rb") as file:
        os.fsync(file.fileno())


def read_through(dump: Path) -> None:
    """Read a dump from beginning to end.

    Raises
    ------
    DumpError
        If it cannot be read.
    """
    _run(find_program("pg_restore", 0), [f"--file={os.devnull}", str(dump)], None)


def load(engine: Engine, dump: Path) -> None:
    """Put a dump into a database that has none of its tables: everything or nothing.

    Raises
    ------
    DumpError
        If ``pg_restore`` fails.
    """
    with engine.connect() as connection:
        major = _major(connection)
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    database = engine.url.database or ""
    _run(
        find_program("pg_restore", major), [*options, f"--dbname={_plain(engine.url, database)}", str(dump)], engine.url
    )


def refuse_company(engine: Engine) -> None:
    """Make sure that no other program of ours is connected.

    Raises
    ------
    DumpError
        If one is.
    """
    with engine.connect() as connection:
        others = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'gridmuster' AND pid <> pg_backend_pid()"
        ).scalar()
    if others:
        raise DumpError(text("The store is in use by {count} connections; stop the program first.", count=int(others)))


def clear(engine: Engine, schema: str, tables: Sequence[str]) -> None:
    """Make room for a dump, in one transaction: move tables that are there into a schema of their own.

    Without a schema those of this program are dropped: they must be empty.
    """
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        postgis.prepare_database(connection)
        if not schema:
            _drop_tables(connection)
            return
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
        for name in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" SET SCHEMA "{schema}"')


def bring_back(engine: Engine, schema: str) -> None:
    """Undo ``clear``: what was put in since goes, and what was moved comes back."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        home = connection.exec_driver_sql("SELECT current_schema()").scalar()
        rights = postgis.drop_views(connection)
        _drop_tables(connection)
        if not schema:
            return
        for name in inspect(connection).get_table_names(schema=schema):
            connection.exec_driver_sql(f'ALTER TABLE "{schema}"."{name}" SET SCHEMA "{home}"')
        connection.exec_driver_sql(f'DROP SCHEMA "{schema}"')
        postgis.make_views(connection, rights)


def rights_of_others(engine: Engine) -> list[str]:
    """Return the statements that give tables, sequences and views of this program the rights that others have on them.

    They hold for those of the same name that are put in the place of these.
    """
    with engine.connect() as connection:
        home = str(connection.exec_driver_sql("SELECT current_schema()").scalar())
        return [*read_rights(connection, home, _own_tables()), *postgis.rights_on_views(connection)]


def give_others(engine: Engine, statements: Sequence[str]) -> int:
    """Run the statements of ``rights_of_others`` and return how many could not be: a role that is gone, say."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        return give_rights(connection, statements)


def tables_of_program(engine: Engine) -> list[str]:
    """Return the tables of this version of the program that are there."""
    with engine.connect() as connection:
        return [name for name in _own_tables() if inspect(connection).has_table(name)]


def tables_of_owner(engine: Engine) -> list[str]:
    """Return every table that this user has made: those of a newer program are not known by name."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e'"
            " AND objid = format('%%I.%%I', schemaname, tablename)::regclass) ORDER BY 1"
        )
        return [str(name) for name in found.scalars()]


def _drop_tables(connection: Connection) -> None:
    for name in reversed(_own_tables()):
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}" CASCADE')


def find_program(name: str, major: int) -> Path:
    """Return a program of PostgreSQL that is at least as new as the server.

    Raises
    ------
    DumpError
        If there is none.
    """
    beside = sorted(
        _INSTALLED.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdecimal() else 0
    )
    on_path = shutil.which(name)
    for path in [*([Path(on_path)] if on_path else []), *beside]:
        if _version_of(path) >= major:
            return path
    raise DumpError(
        text(
            "{program} of PostgreSQL {major} or later is needed: {command}",
            program=name,
            major=major,
            command=f"apt-get install postgresql-client-{major}" if major else "apt-get install postgresql-client",
        )
    )


def _version_of(program: Path) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found by name in fixed places
    found = _NUMBER.search(done.stdout)
    return int(found[1]) if done.returncode == 0 and found else -1


def _own_tables() -> list[str]:
    return [*(table.name for table in metadata.sorted_tables), VERSION_TABLE]


def _major(connection: Connection) -> int:
    return int(str(connection.exec_driver_sql("SHOW server_version_num").scalar())) // 10_000


def _plain(url: URL, database: str) -> str:
    """Return an address for PostgreSQL's programs, without the password: others see command lines."""
    return url.set(drivername="postgresql", password=None, database=database).render_as_string(hide_password=False)


def _run(program: Path, arguments: list[str], url: URL | None) -> None:
    environment = dict(os.environ)
    if url is not None:
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        if program.name == "pg_dump":
            arguments = [*arguments, f"--dbname={_plain(url, url.database or '')}"]
    done = subprocess.run(  # noqa: S603 - a program found by us, arguments made by us, no shell
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["?"]
        raise DumpError(
            text(
                "{program} failed: {why}",
                program=program.name,
                why=without_password(said[0].partition("error: ")[2] or said[0]),
            )
        )
