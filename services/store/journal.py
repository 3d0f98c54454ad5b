"""How the file of an embedded store stands on the disk: with a log beside it at work, whole and alone at rest.

At work the newest changes stand in ``-wal`` (SQLite's write-ahead log). Whoever lets go of the file last folds them in
and takes the file out of that mode, so a file that is in it and has no log was copied without it.

Source: https://www.sqlite.org/fileformat2.html, 1.3 (bytes 18 and 19: 2 is write-ahead logging, 1 is not).
"""

import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from pysqlite3 import dbapi2 as sqlite

from services.store.geopackage import APPLICATION_ID, USER_VERSION

_HEADER: Final = 100
_LOGGING: Final = 2
_LOOKS: Final = 5
_BETWEEN_S: Final = 0.05


def log_of(file: Path) -> Path:
    """Return where the write-ahead log of a file lies while somebody works on it."""
    return file.with_name(file.name + "-wal")


def begin_file(file: Path) -> None:
    """Make the file of a new store, readable by its owner alone, that is a GeoPackage from its first page on."""
    file.touch(mode=0o600)
    if file.stat().st_size:
        return
    with closing(sqlite.connect(str(file), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}").close()
        connection.execute(f"PRAGMA user_version = {USER_VERSION}").close()


def is_logging(file: Path) -> bool:
    """Return whether a file says that it has a log; one that is not there does not."""
    if not file.exists():
        return False
    with file.open("rb") as opened:
        head = opened.read(_HEADER)
    return len(head) == _HEADER and _LOGGING in head[18:20]


def lacks_log(file: Path) -> bool:
    """Return whether a file says that it has a log, and there is none.

    Who ends the mode removes the log a moment before the file says so: it is looked at several times.
    """
    for look in range(_LOOKS):
        if look:
            time.sleep(_BETWEEN_S)
        if not is_logging(file) or log_of(file).exists():
            return False
    return True


def reading_address(file: Path) -> str:
    """Return the address under which SQLite reads a file without making or changing anything beside it."""
    is_alone = is_logging(file) and not log_of(file).exists()
    return f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if is_alone else ''}"


def end_logging(file: Path) -> None:
    """Fold the log into a file and remove it.

    Raises
    ------
    sqlite.DatabaseError
        If somebody else has it open ("locked"), it cannot be written, or it is damaged; all stays as it is.
    """
    with closing(sqlite.connect(str(file), timeout=0, isolation_level=None)) as connection:
        set_pragma(connection, "journal_mode = DELETE")


def set_pragma(connection: Any, words: str) -> None:
    """Set what SQLite is told of a file, as ``journal_mode = WAL``.

    Raises
    ------
    DatabaseError
        If it cannot be set; also where SQLite's message quotes a damaged schema and is no text.
    """
    try:
        connection.execute(f"PRAGMA {words}").close()
    except UnicodeDecodeError as error:
        raise sqlite.DatabaseError(str(error)) from error
