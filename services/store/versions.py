"""The versions of a store's tables: which there are, which a store has, and the migrations between them."""

from dataclasses import dataclass
from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from services.i18n import text
from services.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Migration:
    """Between which versions of its tables a store was brought; ``before`` is empty for a new store."""

    before: str
    after: str


def refuse_other_version(version: str) -> None:
    """Refuse tables that are not of the version of this program.

    Raises
    ------
    StoreError
        If they are older, or a newer program made them; the text says what to do.
    """
    known = known_versions()
    if is_forgotten(version):
        raise StoreError(
            text(
                "The store was made by an earlier version of the program (tables {version}), which this one does not "
                "know any more. Open it with the last program of November 2026 (“{command}”), then with this one.",
                version=version,
                command="gridmuster migrate",
            )
        )
    if version not in known:
        raise StoreError(
            text(
                "The store was made by a newer version of the program ({version}): start that one, or put back a "
                "backup that was made before the upgrade.",
                version=version,
            )
        )
    if version != known[0]:
        raise StoreError(
            text(
                "The tables of the store are at version {version}, this program needs {needed}: run {command}",
                version=version,
                needed=known[0],
                command="gridmuster migrate",
            )
        )


def is_forgotten(version: str) -> bool:
    """Return whether tables of a version are older than any that this program can bring on."""
    return "" < version < known_versions()[-1]


def knows(version: str) -> bool:
    """Return whether this program can work with tables of a version, if need be after migrations; empty is none yet."""
    return version in {"", *known_versions()}


@cache
def known_versions() -> tuple[str, ...]:
    """Return the versions that this program has migrations for, newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def stored_version(connection: Connection) -> str:
    """Return the version of the tables of a store, empty where it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or ""


def migration_config(connection: Connection) -> Config:
    """Return with what Alembic runs the migrations on a connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "services.store:migrations")
    return config
