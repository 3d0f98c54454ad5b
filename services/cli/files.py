"""Files that commands write: the place is checked first, and a file is there whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import typer

from services.cli.shell import Exit, complain
from services.settings import read_settings


def check_target(out: Path, suffixes: Iterable[str], store: str) -> str:
    """Return the suffix of a file that is to be written, in small letters.

    Ends the command with one sentence (exit code 2) where the suffix is not among those given, the folder does not
    exist or cannot be written to, or the file is the store itself (``store`` is its address, empty for that of the
    settings).
    """
    suffix, kinds = out.suffix.lower(), list(suffixes)
    if suffix not in kinds:
        complain("The result can be written as {kinds}", kinds=" ".join(kinds))
    elif not out.parent.is_dir():
        complain("The folder {folder} does not exist; make it first", folder=str(out.parent))
    elif out.is_dir() or not os.access(out.parent, os.W_OK):
        complain("{file} cannot be written", file=str(out))
    elif _is_store(out, store):
        complain("{file} is the store itself; give another name", file=str(out))
    else:
        return suffix
    raise typer.Exit(Exit.WRONG_CALL)


def write_new(out: Path, content: bytes, *, permissions: int | None = None) -> None:
    """Write a file under another name beside its place and move it there: a failure leaves what was there before.

    Parameters
    ----------
    out
        Its place.
    content
        What is written.
    permissions
        Who may read it, like ``0o600``; by default as other new files of this user.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(0o666 & ~_umask() if permissions is None else permissions)
        part.replace(out)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _is_store(out: Path, store: str) -> bool:
    live = Path((store or read_settings().store).removeprefix("sqlite:///"))
    return out.exists() and live.exists() and out.samefile(live)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
