"""A copy of a GeoPackage made ready to be read: what was left beside it is brought in, what could run is taken out."""

import re
from collections.abc import Mapping, Set
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from pysqlite3 import dbapi2 as sqlite

from services.i18n import text
from services.imports.errors import DAMAGED, ImportFileError
from services.imports.read.foreign_formats import map_sentence
from services.imports.read.upload import UNWRITTEN_PARTS, Upload

_WAL_MODE: Final = b"\x02\x02"
_WAL_MODE_PLACE: Final = 18
"""Where the header of SQLite says how changes are written (SQLite, "Database File Format", 1.3.3)."""
_WAL_HEADER_BYTES: Final = 32
_VIRTUAL: Final = re.compile(r"\s*CREATE\s+VIRTUAL\s", re.IGNORECASE)
_INDEX: Final = re.compile(
    r"""\s*CREATE\s+VIRTUAL\s+TABLE\s+(?:"(?:[^"]|"")*"|[^\s"'`\[(]+)\s+USING\s+rtree\s*\(""", re.IGNORECASE
)


def write_geopackage(upload: Upload, path: Path) -> None:
    """Write a GeoPackage, whole and with nothing in it that runs.

    Raises
    ------
    ImportFileError
        If it is still open elsewhere and a part of it was left there, if names in it are no texts, or if a table is
        made by a program as it is looked at (anything but an index).
    """
    path.write_bytes(upload.data)
    beside = _beside(upload)
    for ending, data in beside.items():
        path.with_name(path.name + ending).write_bytes(data)
    if upload.data[_WAL_MODE_PLACE : _WAL_MODE_PLACE + 2] == _WAL_MODE:
        _join_wal(path, upload.name, beside)
    _drop_views(path, upload.name)
    _forget_counts(path)


def _beside(upload: Upload) -> dict[str, bytes]:
    """Return the companions that SQLite keeps beside the file, by their ending."""
    named = ((ending, name, data) for ending in UNWRITTEN_PARTS for name, data in upload.companions.items())
    return {ending: data for ending, name, data in named if name.lower() == (upload.name + ending).lower()}


def _join_wal(path: Path, name: str, beside: Mapping[str, bytes]) -> None:
    """Bring what stands in the ``-wal`` into the file.

    Raises
    ------
    ImportFileError
        If it is missing, or is none of this file: what SQLite cannot use it passes over without a word.
    """
    if "-wal" not in beside:
        raise ImportFileError(
            text(
                "{name} is still open in another program, and its latest changes stand in {name}-wal, which is missing;"
                " close it there (in QGIS: the project) and copy it again",
                name=name,
            )
        )
    frames = 0
    with closing(sqlite.connect(path)) as opened, suppress(sqlite.Error):
        _busy, frames, _done = opened.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        opened.execute("PRAGMA journal_mode = DELETE")
    if len(beside["-wal"]) > _WAL_HEADER_BYTES and frames <= 0:
        raise ImportFileError(
            text(
                "{name}-wal does not belong to {name}, or is damaged; close the file where it is open (in QGIS: the"
                " project) and copy it again",
                name=name,
            )
        )


def _drop_views(path: Path, file_name: str) -> None:
    """Take the views out of our copy of a GeoPackage: looking at one runs what somebody else wrote, maybe for ever.

    Raises
    ------
    ImportFileError
        If it is no GeoPackage, names in it are no texts, or a table is made by a program as it is looked at (anything
        but an index).
    """
    with closing(sqlite.connect(path)) as opened, suppress(sqlite.DatabaseError):
        opened.execute("PRAGMA trusted_schema = OFF")
        try:
            objects = opened.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        except UnicodeDecodeError as error:
            raise ImportFileError(DAMAGED) from error
        if any(_is_made_by_a_program(statement) for _kind, _name, statement in objects):
            raise ImportFileError(text("The GeoPackage has tables that a program makes; save the layer into a new one"))
        other = _other_database({str(name).lower() for _kind, name, _statement in objects})
        if other is not None:
            raise ImportFileError(map_sentence(file_name, other))
        for kind, name, _statement in objects:
            if kind in {"view", "trigger"}:
                quoted = str(name).replace('"', '""')
                opened.execute(f'DROP {kind} IF EXISTS "{quoted}"')
        opened.commit()


def _other_database(names: Set[str]) -> str | None:
    """Return which format of SQLite has these tables; None for a GeoPackage."""
    if "gpkg_contents" in names:
        return None
    return "MBTiles" if "tiles" in names else "SpatiaLite" if "geometry_columns" in names else "SQLite"


def _forget_counts(path: Path) -> None:
    """Take away the stored numbers of features: GDAL believes them, and reads no more where they are too small."""
    with closing(sqlite.connect(path)) as opened, suppress(sqlite.Error):
        opened.execute("UPDATE gpkg_ogr_contents SET feature_count = NULL")
        opened.commit()


def _is_made_by_a_program(statement: object) -> bool:
    return bool(_VIRTUAL.match(str(statement))) and not _INDEX.match(str(statement))
