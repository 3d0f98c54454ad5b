"""A small file beside the embedded store that remembers the newest row of the audit trail.

A GeoPackage whose ``-wal`` was lost, or in whose place an older copy was put, is sound in itself and only older.
What is written here after every commit tells.
"""

import contextlib
import glob
import os
import tempfile
from pathlib import Path
from threading import Lock
from typing import Final

_writing: Final = Lock()


def mark_file_of(store_file: Path) -> Path:
    """Return where the high-water mark of an embedded store lies."""
    return store_file.with_name(store_file.name + ".trail")


def read_mark(store_file: Path) -> tuple[int, str] | None:
    """Return number and digest of the newest row that was ever committed, None where nobody knows."""
    try:
        number, digest = mark_file_of(store_file).read_text(encoding="ascii").split()
        return int(number), digest
    except (OSError, ValueError):
        return None


def write_mark(store_file: Path, number: int, digest: str) -> None:
    """Remember a row that has been committed, unless a newer one is remembered.

    What cannot be written is left: the store itself is what counts, and a mark that lags behind accuses nobody.
    """
    with _writing, contextlib.suppress(OSError):
        known = read_mark(store_file)
        if known is None or known[0] < number:
            _put(mark_file_of(store_file), f"{number} {digest}\n")


def forget_mark(store_file: Path) -> None:
    """Forget what was remembered: another store is to lie there."""
    mark_file_of(store_file).unlink(missing_ok=True)


def remove_leftovers(store_file: Path) -> None:
    """Remove what writers left that were killed while they wrote a high-water mark.

    One that is just being written may go too: the high-water mark then lags behind by a row, which accuses nobody.
    """
    with contextlib.suppress(OSError):
        for path in store_file.parent.glob(f"{glob.escape(_prefix(mark_file_of(store_file)))}*"):
            path.unlink(missing_ok=True)


def _prefix(path: Path) -> str:
    return f".{path.name}."


def _put(path: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(prefix=_prefix(path), dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
