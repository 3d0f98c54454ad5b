"""Whether an embedded store can be trusted before work begins on it, and what to say when it cannot."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from pysqlite3 import dbapi2 as sqlite

from services.i18n import Text, text
from services.settings import read_settings
from services.store.backup_catalog import newest_good, remembered_folder
from services.store.errors import StoreError
from services.store.high_water_mark import mark_file_of, read_mark
from services.store.journal import lacks_log, log_of, reading_address
from services.store.versions import is_forgotten

_MAGIC: Final = b"SQLite format 3\0"
_HEADER: Final = 100
_MOST_FAULTS: Final = 20


class DamagedStoreError(StoreError):
    """The file of the store is not what was written; the newest good backup is named."""

    def __init__(self, why: Text, file: Path) -> None:
        backup = newest_backup(file)
        if backup is None:
            super().__init__(
                text(
                    "The store {file} is damaged: {why} No backup of it was found; keep the file and all beside it, "
                    "and look for a backup elsewhere.",
                    file=file.name,
                    why=why,
                )
            )
        else:
            command = f"gridmuster restore {backup} --store sqlite:///{file} --replace"
            super().__init__(
                text(
                    "The store {file} is damaged: {why} The newest good backup is {backup}; put it back with: "
                    "{command}",
                    file=file.name,
                    why=why,
                    backup=backup.name,
                    command=command,
                )
            )


def backup_folder(file: Path | None) -> Path | None:
    """Return where the backups of a store lie: as the settings say, or as is noted beside its file."""
    said = read_settings().backups
    if said:
        return Path(said)
    return remembered_folder(file) if file else None


def newest_backup(file: Path) -> Path | None:
    """Return the newest good backup of an embedded store, or None."""
    folder = backup_folder(file)
    return newest_good(folder, file.stem) if folder else None


def check_header(file: Path) -> None:
    """Look at the beginning and the length of a file, which takes no time.

    Raises
    ------
    DamagedStoreError
        If it is no database, or shorter than it says.
    """
    if not file.exists():
        return
    with file.open("rb") as opened:
        head = opened.read(_HEADER)
    if not head:
        if read_mark(file) is not None:
            raise DamagedStoreError(text("The file is empty."), file)
        return
    if head[: len(_MAGIC)] != _MAGIC or len(head) < _HEADER:
        raise DamagedStoreError(text("It does not begin as a database does."), file)
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    pages = int.from_bytes(head[28:32], "big")
    has_log = log_of(file).exists() and log_of(file).stat().st_size > 0
    size = file.stat().st_size
    if page < 512 or page & (page - 1):
        raise DamagedStoreError(text("It does not begin as a database does."), file)
    if not has_log and size < page * pages:
        why = text("It is {size} bytes long and should be {wanted}.", size=size, wanted=page * pages)
        raise DamagedStoreError(why, file)


def check_log(file: Path) -> None:
    """Make sure that a file of which nothing is remembered was not copied without its log.

    Raises
    ------
    DamagedStoreError
        If it was: what was saved last, or everything, may be missing.
    """
    if lacks_log(file) and not _is_forgotten(file):
        why = text(
            "It was copied while the program had it open, and {wal} is not beside it: what was saved last, or "
            "everything, may be missing. Copy both files again, or copy when the program has ended, or use "
            "“{command}”. If what the file holds is enough, make an empty file {wal} beside it.",
            wal=log_of(file).name,
            command="gridmuster backup",
        )
        raise DamagedStoreError(why, file)


def _is_forgotten(file: Path) -> bool:
    """Return whether an earlier program made a file, which left its files as if they had a log: it is refused later."""
    try:
        with closing(sqlite.connect(reading_address(file), uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite.DatabaseError:
        return False
    return row is not None and is_forgotten(str(row[0]))


def check_newest(file: Path, mark: tuple[int, str], newest: int, digest: str) -> None:
    """Compare the newest row of the audit trail with the newest that was ever committed.

    Parameters
    ----------
    file
        The embedded store.
    mark
        Number and digest of the newest row that was ever committed, read before the store was: others may be writing.
    newest, digest
        Number and digest of its newest row; 0 and empty where there is none.

    Raises
    ------
    DamagedStoreError
        If later rows were committed: the ``-wal`` is missing, or an older copy was put in place.
    """
    if mark[0] < newest or mark == (newest, digest):
        return
    why = text(
        "Its last change is number {newest}, but number {known} was saved: {wal} is missing, or an older copy was put "
        "in its place. Put {wal} back; if the older state is meant, delete {witness}.",
        newest=newest,
        known=mark[0],
        wal=file.name + "-wal",
        witness=mark_file_of(file).name,
    )
    raise DamagedStoreError(why, file)


def faults_of_file(file: Path, *, thorough: bool) -> list[str]:
    """Return what SQLite finds wrong with a file, which it reads from beginning to end; empty is sound.

    Parameters
    ----------
    file
        A database.
    thorough
        Also compare every index with its table, and look for rows that refer to nothing (some times slower).
    """
    check = "integrity_check" if thorough else "quick_check"
    try:
        with closing(sqlite.connect(reading_address(file), uri=True)) as connection:
            said = [str(row[0]) for row in connection.execute(f"PRAGMA {check}({_MOST_FAULTS})")]
            faults = [] if said == ["ok"] else said
            if thorough:
                faults += [
                    f"{row[0]} → {row[2]}" for row in connection.execute("PRAGMA foreign_key_check").fetchmany(5)
                ]
    except sqlite.DatabaseError as error:
        return [str(error)]
    return faults


def check_content(file: Path) -> None:
    """Read a file from beginning to end (some seconds for a city).

    Raises
    ------
    DamagedStoreError
        If SQLite finds it damaged.
    """
    faults = faults_of_file(file, thorough=False)
    if faults:
        raise DamagedStoreError(text("SQLite says: {why}.", why=faults[0].splitlines()[0]), file)


@contextmanager
def damage_told(file: Path | None) -> Iterator[None]:
    """Turn what SQLite says of a damaged file into a ``DamagedStoreError`` that names the newest good backup.

    Raises
    ------
    DamagedStoreError
        In place of SQLite's fault.
    """
    try:
        yield
    except Exception as error:
        origin = getattr(error, "orig", error)
        if file is None or not _is_damage(origin):
            raise
        raise DamagedStoreError(text("SQLite says: {why}.", why=str(origin)), file) from error


def _is_damage(error: object) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, sqlite.DatabaseError) and code in {sqlite.SQLITE_CORRUPT, sqlite.SQLITE_NOTADB}
