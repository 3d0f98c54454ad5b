"""What the doctor looks at around the store: programs, disk, permissions of files, backups."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from services import context
from services.clock import instant_of, machine_offset, offset_text, zone_label
from services.context import (
    FIRST_SAFE_SQLITE,
    StoreError,
    backup_folder,
    backups_in,
    faults_of_file,
    is_whole,
    sqlite_version,
)
from services.i18n import text
from services.maintenance.findings import CheckResult, fault, fine, warning
from services.settings import read_settings
from services.wording import full_time

BACKUP_COMMAND: Final = "gridmuster backup --out FOLDER"
LEAST_FREE: Final = 1 << 30
_TIGHT_FREE: Final = 200 << 20
_FRESH: Final = timedelta(hours=26)
_STALE: Final = timedelta(days=7)
_OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def check_sqlite(version: tuple[int, ...] | None = None) -> CheckResult:
    """Say whether the SQLite in use keeps files whole."""
    used = version or sqlite_version()
    said = ".".join(map(str, used))
    if used < FIRST_SAFE_SQLITE:
        needed = ".".join(map(str, FIRST_SAFE_SQLITE))
        advice = text("Install the packages anew as requirements.lock names them (pysqlite3).")
        what = text("SQLite {version} can damage the file; at least {needed} is needed", version=said, needed=needed)
        return fault("sqlite", what, advice)
    return fine("sqlite", text("SQLite {version} is safe", version=said))


def check_time_zone(now: datetime) -> CheckResult:
    """Say in which zone the times are, and how the clock of this machine stands to it."""
    machine = (instant_of(now).utcoffset() or timedelta()) + machine_offset(now)
    said = {"zone": zone_label(now), "name": read_settings().time_zone, "machine": offset_text(machine)}
    ahead = machine_offset(now) / timedelta(hours=1)
    if not ahead:
        return fine("time_zone", text("Times are {zone}, of {name}; this machine is set to the same", **said))
    what = text(
        "Times are {zone}, of {name}; this machine is set to {machine}, {hours} hours behind, which changes nothing",
        **said,
        hours=f"{-ahead:g}",
    )
    if ahead > 0:
        what = text(
            "Times are {zone}, of {name}; this machine is set to {machine}, {hours} hours ahead, which changes nothing",
            **said,
            hours=f"{ahead:g}",
        )
    return fine("time_zone", what)


def check_file(file: Path) -> CheckResult:
    """Read a file from beginning to end and say whether it is sound."""
    if not file.exists():
        return warning(
            "integrity",
            text("There is no store at {file} yet", file=str(file)),
            text("Give the right address with --store, or start the program once."),
        )
    try:
        context.check_file(file)
    except StoreError as error:
        return fault("integrity", error.text, text("Do as it says, then ask the doctor again."))
    faults = faults_of_file(file, thorough=True)
    if faults:
        return fault(
            "integrity",
            text("The file is damaged: {why}", why=faults[0].splitlines()[0]),
            text("Stop the program, keep the file and all beside it, and put the newest backup back: {command}",
                 command="gridmuster restore BACKUP --replace"),
        )  # fmt: skip
    return fine("integrity", text("The file is sound from beginning to end"))


def check_disk(folder: Path, free: int | None = None) -> CheckResult:
    """Say whether there is room to go on writing in a folder (``free`` in bytes; by default what the disk says)."""
    left = shutil.disk_usage(folder).free if free is None else free
    said = text("{free} MB are free at {folder}", free=left >> 20, folder=str(folder))
    advice = text("Make room: the program refuses to save when the disk is full.")
    if left < _TIGHT_FREE:
        return fault("disk", said, advice)
    return warning("disk", said, advice) if left < LEAST_FREE else fine("disk", said)


def places_written(file: Path | None) -> list[Path]:
    """Return the folder of a store's file and that of its backups, where they are there; one of each disk."""
    backups = backup_folder(file)
    folders = [folder for folder in (file.absolute().parent if file else None, backups) if folder and folder.is_dir()]
    return list({folder.stat().st_dev: folder for folder in reversed(folders)}.values())[::-1]


def check_permissions(file: Path) -> Iterator[CheckResult]:
    """Yield what is wrong with who may read or write the store and its key."""
    settings = read_settings()
    key = Path(settings.key_file) if settings.key_file else file.with_name(file.name + ".key")
    if not settings.key and key.exists() and _mode(key) & (_OTHERS_READ | _OTHERS_WRITE):
        yield fault(
            "key",
            text("Others may read the key {file}", file=str(key)),
            text("Run: {command}", command=f"chmod 600 {key}"),
        )
    elif not settings.key and not key.exists():
        yield warning(
            "key",
            text("There is no key at {file}", file=str(key)),
            text(
                "It is made at the first change; if there was one, put it back: without it nothing sealed can be read."
            ),
        )
    else:
        yield fine("key", text("The key is there and only its owner reads it"))
    if file.exists() and _mode(file) & _OTHERS_WRITE:
        yield fault(
            "permissions",
            text("Others may write to {file}", file=str(file)),
            text("Run: {command}", command=f"chmod 600 {file}"),
        )
    elif file.exists() and _mode(file) & _OTHERS_READ:
        yield warning(
            "permissions",
            text("Others may read {file}", file=str(file)),
            text("Run: {command}", command=f"chmod 600 {file}"),
        )
    elif file.exists():
        yield fine("permissions", text("Only its owner reads the store"))


def check_backups(
    file: Path | None, store: str, now: datetime, stored_folder: Path | None = None
) -> Iterator[CheckResult]:
    """Yield how old the newest backup is, whether it is still whole, and whether the key lies beside it.

    Parameters
    ----------
    file
        The file of an embedded store.
    store
        Name of the store.
    now
        Local time.
    stored_folder
        Where the store itself says that its newest backup was put; it may have been another machine's folder.
    """
    folders = list(dict.fromkeys(folder.resolve() for folder in (backup_folder(file), stored_folder) if folder))
    there = [(one, folder) for folder in folders for one in backups_in(folder, store)]
    make_one = text("Run every night: {command}", command=BACKUP_COMMAND)
    if not there:
        lost = next((folder for folder in folders if not folder.is_dir()), None)
        said = text("There is no backup")
        if lost is not None:
            said = text("The backups went to {folder}, which is not there", folder=str(lost))
        yield fault("backup", said, make_one)
        return
    newest, folder = max(there, key=lambda pair: pair[0][1].made_at)
    path, manifest = newest
    age = now - manifest.made_at
    said = text("The newest backup is {file}, of {at}", file=path.name, at=full_time(manifest.made_at))
    if not is_whole(path, manifest):
        yield fault("backup", text("The backup {file} is not what was written", file=path.name), make_one)
    elif age > _STALE:
        yield fault("backup", said, make_one)
    elif age > _FRESH:
        yield warning("backup", said, make_one)
    else:
        yield fine("backup", said)
    keys = sorted(found.name for found in folder.glob("*.key"))
    if keys:
        yield fault(
            "backup_key",
            text("The key {file} lies with the backups", file=keys[0]),
            text("Keep it elsewhere: whoever takes both can read everything."),
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
