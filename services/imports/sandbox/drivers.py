"""Which of GDAL's drivers are there: for each format one, and nothing that follows what a file says.

GDAL tries every driver on a file, whatever it is named, and some of them obey it: open other files, ask other machines,
run programs. pyogrio cannot name the driver to read with, so all others are taken out of the process.
"""

import ctypes
import importlib.util
import sysconfig
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyogrio
import pyproj

from services.imports.read.upload import FileFormat

DRIVERS: Final[Mapping[FileFormat, tuple[str, ...]]] = MappingProxyType(
    {
        FileFormat.GEOPACKAGE: ("GPKG",),
        FileFormat.SHAPEFILE: ("ESRI Shapefile",),
        FileFormat.FLATGEOBUF: ("FlatGeobuf",),
        FileFormat.KML: ("LIBKML", "KML"),
        FileFormat.GPX: ("GPX",),
    }
)
"""The drivers of the formats that GDAL reads; of several the first that GDAL was built with is used."""


def keep_all_in_use() -> None:
    """Take every driver out of this process that no format is read with."""
    _keep({name for names in DRIVERS.values() for name in names})


def keep_driver_of(kind: FileFormat) -> None:
    """Take every driver out of this process but the one of a format; of a format that GDAL does not read, all.

    Raises
    ------
    RuntimeError
        If another driver is left, or the one of the format is not there.
    """
    names = DRIVERS.get(kind, ())
    driver = next((name for name in names if name in driver_names()), None)
    _keep({driver} if driver else set())
    if driver_names() != ([driver] if names else []):
        raise RuntimeError("drivers")


def driver_names() -> list[str]:
    """Return the names of all drivers in this process, those for pictures included."""
    gdal = _gdal()
    return [gdal.GDALGetDescription(gdal.GDALGetDriver(place)).decode() for place in range(gdal.GDALGetDriverCount())]


def reference_folders() -> list[Path]:
    """Return the folders that libraries read late: their code, and what GDAL and PROJ know of coordinate systems."""
    package, paths = Path(pyogrio.__file__).parent, sysconfig.get_paths()
    code = (Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    folders = (*code, package / "gdal_data", package / "proj_data", Path(pyproj.datadir.get_data_dir()))
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def _keep(names: Collection[str]) -> None:
    gdal = _gdal()
    drivers = [gdal.GDALGetDriver(place) for place in range(gdal.GDALGetDriverCount())]
    for driver in drivers:
        if gdal.GDALGetDescription(driver).decode() not in names:
            gdal.GDALDeregisterDriver(driver)


@cache
def _gdal() -> ctypes.CDLL:
    """Return the GDAL that pyogrio was linked with.

    Raises
    ------
    RuntimeError
        If it is not to be reached.
    """
    extension = importlib.util.find_spec("pyogrio._io")
    if extension is None or extension.origin is None:
        raise RuntimeError("pyogrio")
    library = ctypes.CDLL(extension.origin)
    library.GDALGetDriver.restype = ctypes.c_void_p
    library.GDALGetDriver.argtypes = (ctypes.c_int,)
    library.GDALGetDescription.restype = ctypes.c_char_p
    library.GDALGetDescription.argtypes = (ctypes.c_void_p,)
    library.GDALDeregisterDriver.restype = None
    library.GDALDeregisterDriver.argtypes = (ctypes.c_void_p,)
    return library
