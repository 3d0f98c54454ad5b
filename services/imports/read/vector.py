"""GeoPackage, Shapefile, FlatGeobuf, KML, GPX (by GDAL, on a copy in a folder of its own) and GeoParquet (by pyarrow).

GDAL can yield fewer features than a file contains without a word; the counts are compared and a difference stops the
import with a sentence that says so.
"""

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyarrow import parquet as arrow_parquet

from geo.errors import Problem
from geo.schema import Layer
from geo.validate import GeometryKinds
from services.catalog.layers import LAYERS
from services.i18n import Text, text
from services.imports.check.shapes import build_shapes
from services.imports.errors import ImportFileError, library_errors_explained
from services.imports.read.dbf_texts import BYTES, DecodedTexts, declared_encoding, decode_texts, distinct_names
from services.imports.read.descriptions import with_described_fields
from services.imports.read.geopackage import write_geopackage
from services.imports.read.markup import prepare_markup
from services.imports.read.table import RawTable, SourceFacts
from services.imports.read.text_files import AUTO
from services.imports.read.upload import SHAPEFILE_PARTS, SUFFIXES, FileFormat, Upload
from services.rules.headers import count_known

_TextReader = Callable[[Path, Sequence[str], Sequence[NDArray[Any]]], DecodedTexts]
_LONGEST_BASE: Final = 60
"""Characters of a name in an archive that we keep on disk, which takes 255 bytes."""


def read_vector(
    upload: Upload, kind: FileFormat, wanted_layer: Layer, *, encoding: str, layer_name: str | None
) -> RawTable:
    """Return one layer of a vector file.

    Parameters
    ----------
    upload
        The file; for a Shapefile with its parts, or an archive of one or more Shapefiles.
    kind
        What ``detect_format`` found.
    wanted_layer
        What the rows are to become: of several layers, the one whose name or headers fit best is read.
    encoding
        Encoding of the texts of a Shapefile, or ``auto``: told from all texts, with what ``.cpg`` says weighed in. The
        other formats are UTF-8 by definition.
    layer_name
        The layer to read, as ``list_layers`` names it, or None.

    Raises
    ------
    ImportFileError
        If the file is damaged, has no such layer, or yields fewer features than it contains.
    """
    with _on_disk(upload, kind) as paths, _shx_made_again(), library_errors_explained():
        layers = _layers(paths, upload.name)
        filled = [item for item in layers if _count(*item)] if len(layers) > 1 else layers
        read_texts = partial(_dbf_texts, asked=encoding) if kind is FileFormat.SHAPEFILE else _plain_texts
        path, layer = _choose(layers if layer_name else filled or layers, wanted_layer, layer_name, read_texts)
        table = _read(path, layer, read_texts, upload.name)
    if kind is FileFormat.KML:
        table = replace(table, frame=with_described_fields(table.frame))
    names = tuple(name for _, name in (filled if kind is FileFormat.GPX else layers))
    choices = names if len(names) > 1 else ()
    return replace(table, source=replace(table.source, format=kind.value, layer=layer, choices=choices))


def read_parquet(data: bytes) -> RawTable:
    """Return a Parquet file, with its shapes where it is GeoParquet.

    Raises
    ------
    ImportFileError
        If the file is damaged.
    """
    with library_errors_explained():
        metadata = arrow_parquet.read_metadata(io.BytesIO(data)).metadata or {}
        if b"geo" not in metadata:
            frame = arrow_parquet.read_table(io.BytesIO(data)).to_pandas()
            return RawTable(_objects(frame), _numbers(len(frame)), SourceFacts(FileFormat.GEOPARQUET.value))
        shapes = gpd.read_parquet(io.BytesIO(data))
    return RawTable(
        frame=_objects(pd.DataFrame(shapes.drop(columns=shapes.geometry.name))),
        rows=_numbers(len(shapes)),
        source=SourceFacts(FileFormat.GEOPARQUET.value),
        geometry=np.array(shapes.geometry.to_numpy(), dtype=object),
        crs=shapes.crs.to_string() if shapes.crs is not None else None,
    )


@contextmanager
def _on_disk(upload: Upload, kind: FileFormat) -> Iterator[list[Path]]:
    """Give the paths of the file's copies; they are gone afterwards.

    Raises
    ------
    ImportFileError
        If a KML or GPX file declares entities or is not complete, or a Shapefile lacks a part.
    """
    with tempfile.TemporaryDirectory(prefix="gridmuster-") as folder:
        if kind is FileFormat.SHAPEFILE:
            yield _write_shapefiles(upload, Path(folder))
        else:
            path = Path(folder, f"upload{SUFFIXES[kind][0]}")
            if kind is FileFormat.GEOPACKAGE:
                write_geopackage(upload, path)
            else:
                is_markup = kind in {FileFormat.KML, FileFormat.GPX}
                path.write_bytes(prepare_markup(upload.data, upload.name) if is_markup else upload.data)
            yield [path]


def _write_shapefiles(upload: Upload, folder: Path) -> list[Path]:
    parts = dict(upload.companions)
    if not upload.is_archive:
        parts[upload.name] = upload.data
    stems: dict[str, dict[str, bytes]] = {}
    for name, data in parts.items():
        path = PurePosixPath(name)
        if path.suffix.lower() in SHAPEFILE_PARTS:
            stems.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = data
    paths = []
    for number, (stem, found) in enumerate(s for s in stems.items() if ".shp" in s[1]):
        if ".dbf" not in found:
            raise ImportFileError(_without_table(stem, stems))
        place = folder / str(number)
        place.mkdir()
        base = PurePosixPath(stem).name[:_LONGEST_BASE]
        for suffix, data in found.items():
            place.joinpath(base + suffix).write_bytes(data)
        paths.append(place / f"{base}.shp")
    return paths


def _without_table(stem: str, stems: Mapping[str, Mapping[str, bytes]]) -> Text:
    """Return what to do about a Shapefile without ``.dbf``; one of another name may be meant for it."""
    others = (each for each, parts in stems.items() if ".dbf" in parts and ".shp" not in parts)
    other = PurePosixPath(next(others, "")).name
    if other:
        return text(
            "{name}.shp and {other}.dbf have different names; the parts of one Shapefile must all have the same name"
            " before the dot",
            name=PurePosixPath(stem).name,
            other=other,
        )
    return text("The Shapefile {name} lacks its .dbf; pack .shp, .shx, .dbf and .prj into one zip", name=stem)


def _layers(paths: Sequence[Path], file_name: str) -> list[tuple[Path, str]]:
    found = [(path, str(name)) for path in paths for name, _kind in pyogrio.list_layers(path)]
    if not found:
        raise ImportFileError(text("The file {name} has no layers", name=file_name))
    return found


def _choose(
    layers: Sequence[tuple[Path, str]], wanted: Layer, asked: str | None, read_texts: _TextReader
) -> tuple[Path, str]:
    if asked is not None:
        found = next((item for item in layers if item[1] == asked), None)
        if found is None:
            names = "、".join(name for _, name in layers)
            raise ImportFileError(text("There is no layer {layer}; the file has: {names}", layer=asked, names=names))
        return found
    if len(layers) == 1:
        return layers[0]
    return max(layers, key=lambda item: _fit(item[0], item[1], wanted, read_texts))


def _count(path: Path, name: str) -> int:
    return int(pyogrio.read_info(path, layer=name, encoding=_bytes_of(path), force_feature_count=True)["features"])


def _fit(path: Path, name: str, wanted: Layer, read_texts: _TextReader) -> tuple[bool, bool, int]:
    info = pyogrio.read_info(path, layer=name, encoding=_bytes_of(path))
    headers = read_texts(path, info["fields"], [np.empty(0)] * len(info["fields"])).headers
    shape = next((shape for kind, shape in _SHAPES.items() if kind in str(info["geometry_type"])), None)
    is_fit = shape is None or shape in LAYERS[wanted].shapes
    return name.lower() in {wanted.value, wanted.value.removesuffix("s")}, is_fit, count_known(headers, wanted)


_SHAPES: Final = {"Point": GeometryKinds.POINT, "LineString": GeometryKinds.LINE, "Polygon": GeometryKinds.AREA}


def _read(path: Path, layer: str, read_texts: _TextReader, file_name: str) -> RawTable:
    encoding = _bytes_of(path)
    info = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
    meta, _fids, wkb, fields = pyogrio.raw.read(path, layer=layer, encoding=encoding, force_2d=True)
    read = len(wkb) if wkb is not None else len(fields[0]) if len(fields) else 0
    if read < info["features"]:
        raise ImportFileError(
            text(
                "{name} contains {stated} features but only {read} can be read; repair the file first",
                name=file_name,
                stated=int(info["features"]),
                read=read,
            )
        )
    texts = read_texts(path, meta["fields"], fields)
    frame = _objects(pd.DataFrame(dict(zip(texts.headers, texts.columns, strict=True)), index=range(read)))
    geometry, problems = _shapes(wkb) if wkb is not None else (None, ())
    source = SourceFacts("", encoding=texts.encoding or None)
    return RawTable(frame, _numbers(read), source, geometry, meta.get("crs"), problems, texts.notes)


def _bytes_of(path: Path) -> str | None:
    """Return how GDAL is to hand over texts: those of a Shapefile as they stand in the file."""
    return BYTES if path.suffix == ".shp" else None


def _plain_texts(_path: Path, headers: Sequence[str], columns: Sequence[NDArray[Any]]) -> DecodedTexts:
    return DecodedTexts(tuple(distinct_names(list(map(str, headers)))), tuple(columns), "")


def _dbf_texts(path: Path, headers: Sequence[str], columns: Sequence[NDArray[Any]], *, asked: str) -> DecodedTexts:
    chosen = None if asked.lower() == AUTO else asked
    return decode_texts(
        headers, columns, declared_encoding=declared_encoding(path.with_suffix(".dbf")), encoding=chosen
    )


def _shapes(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], tuple[Problem, ...]]:
    """Return the shapes; one that cannot be built is None and a problem of its row."""
    shapes = build_shapes(wkb, shapely.from_wkb)
    broken = [row for row, (w, s) in enumerate(zip(wkb, shapes, strict=True), 1) if w is not None and s is None]
    return shapes, tuple(Problem(row, "", "geometry_not_built") for row in broken)


@contextmanager
def _shx_made_again() -> Iterator[None]:
    """Have GDAL make a missing ``.shx`` on the copy."""
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


def _objects(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with plain Python values, None for null, and a text header for every column."""
    plain = frame.reset_index(drop=True).astype(object)
    plain = plain.where(plain.notna(), None)
    return plain.set_axis([str(name) for name in plain.columns], axis=1).map(_plain)


def _plain(value: Any) -> object:
    if isinstance(value, str):
        return value.strip(" \t\r\n\u3000\u00a0\u200b\ufeff\x00") or None
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | dict | np.ndarray):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _numbers(count: int) -> NDArray[np.int64]:
    return np.arange(1, count + 1)
