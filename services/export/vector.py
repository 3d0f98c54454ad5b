"""GeoPackage, GeoJSON and GeoParquet, written by GDAL on a new temporary file: never on the live one (DESIGN §3)."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
from pysqlite3 import dbapi2 as sqlite3

from geo.schema import ZONE_LAYERS, Layer
from services.export.columns import COLUMNS, NumberFormat
from services.export.style import OgrGeometry, plain_style, zone_style
from services.i18n import text, translate
from services.rules.classes import VALUE_COLUMNS, MapLayer, Scale, make_scale, reference_level
from services.rules.layer_names import LAYER_NAMES

_STYLES_TABLE: Final = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""
"""The table that QGIS itself makes and reads (QgsOgrProviderUtils)."""
_REGISTER: Final = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)
"""
_ADD_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
                          styleSLD, useAsDefault, description, owner)
VALUES ('', '', ?, 'geom', ?, ?, '', ?, '', '')
"""
_GPKG_OPTIONS: Final = {"VERSION": "1.2"}
"""The version that the QGIS and GDAL of Debian 12 know without a warning."""
_POINTS: Final = "_points"
_DEFAULT: Final = MapLayer.RATIO
_ANY_SHAPE: Final = "Unknown"
"""What GDAL calls the type of a layer that holds shapes of several kinds."""
_KINDS: Final = {
    OgrGeometry.POLYGON: {"Polygon", "MultiPolygon"},
    OgrGeometry.LINE: {"LineString", "MultiLineString"},
    OgrGeometry.POINT: {"Point", "MultiPoint"},
}
"""The widest kind first."""


@dataclass(frozen=True, slots=True)
class Style:
    """One style of a layer; the first of each layer is the one QGIS applies."""

    name: str
    qml: str


@dataclass(frozen=True)
class GeoPackageLayer:
    """One layer of a GeoPackage with its title and styles."""

    name: str
    title: str
    frame: pd.DataFrame
    """Indexed by ``code``; without geometry it becomes a table of attributes."""
    styles: Sequence[Style] = ()
    note: str = ""
    """What readers of the layer are told, as its description."""


def coverage_gpkg(
    tables: Mapping[Layer, pd.DataFrame],
    zones: Mapping[Layer, gpd.GeoDataFrame],
    *,
    reference: pd.DataFrame | None = None,
    note: str = "",
) -> bytes:
    """Return coverage tables with their outlines as a GeoPackage, a layer for each level, coloured as on the map.

    Parameters
    ----------
    tables
        Coverage tables (docs/conventions.md) by level; empty levels are left out.
    zones
        The layers of the same levels, EPSG:4326. Estates that are points become a layer ``…_points`` of their own.
    reference
        The grids' table, from which class limits come as on the screen. Without it each level's own.
    note
        What readers of each layer are told, as its description.
    """
    sheets: list[GeoPackageLayer] = []
    for layer in ZONE_LAYERS:
        if layer in tables and len(tables[layer]):
            frame = with_outlines(tables[layer], zones[layer])
            sheets += _coverage_sheets(layer, frame, tables[layer] if reference is None else reference, note)
    return write_gpkg(sheets)


def layers_gpkg(frames: Mapping[Layer, pd.DataFrame], notes: Mapping[Layer, str] | None = None) -> bytes:
    """Return layers as a GeoPackage with plain styles, each whole in one layer of the file, with notes on some.

    Where a layer holds several kinds of shapes (estates as outlines and as points), no style fits all of them, and
    QGIS draws each kind in one of its own.
    """
    return write_gpkg([_layer_sheet(layer, frame, (notes or {}).get(layer, "")) for layer, frame in frames.items()])


def with_outlines(table: pd.DataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table with the geometry (``geom``, EPSG:4326) that the zones of the same codes have."""
    return gpd.GeoDataFrame(table.assign(geom=zones.geometry.reindex(table.index)), geometry="geom", crs=zones.crs)


def write_gpkg(sheets: Sequence[GeoPackageLayer]) -> bytes:
    """Return a GeoPackage with these layers and, in ``layer_styles``, their styles."""
    with TemporaryDirectory(prefix="gridmuster-") as folder:
        path = Path(folder) / "export.gpkg"
        for sheet in sheets:
            options = {"GEOMETRY_NAME": "geom"} if isinstance(sheet.frame, gpd.GeoDataFrame) else {}
            options |= {"IDENTIFIER": f"{sheet.title} ({sheet.name})", "DESCRIPTION": sheet.note}
            _write(sheet.frame, path, "GPKG", layer=sheet.name, layer_options=options, dataset_options=_GPKG_OPTIONS)
        _add_styles(path, sheets)
        return path.read_bytes()


def write_geojson(frame: pd.DataFrame) -> bytes:
    """Return a frame as GeoJSON (RFC 7946: longitude, latitude, 9 decimals).

    GDAL takes five nines before the last decimal for a slip of the computer: in 7 decimals 113.1999994 became 113.2,
    six centimetres away.
    """
    with TemporaryDirectory(prefix="gridmuster-") as folder:
        path = Path(folder) / "export.geojson"
        _write(frame, path, "GeoJSON", layer_options=_geojson_options(frame))
        return path.read_bytes()


def _geojson_options(frame: pd.DataFrame) -> dict[str, str]:
    rfc7946 = "YES" if isinstance(frame, gpd.GeoDataFrame) else "NO"
    return {"RFC7946": rfc7946, "WRITE_NAME": "NO", "COORDINATE_PRECISION": "9"}


def write_parquet(frame: pd.DataFrame) -> bytes:
    """Return a frame as GeoParquet (or plain Parquet where it has no geometry), ``code`` as its first column."""
    file = io.BytesIO()
    _with_counts(frame).reset_index().to_parquet(file, index=False)
    return file.getvalue()


def _write(frame: pd.DataFrame, path: Path, driver: str, **options: object) -> None:
    shapes = _shapes_of(frame)
    is_mixed = len(shapes) > 1
    kind = _ANY_SHAPE if is_mixed else _shape_of(frame).value
    pyogrio.write_dataframe(
        _with_counts(frame).reset_index(),
        path,
        driver=driver,
        geometry_type=kind if isinstance(frame, gpd.GeoDataFrame) else None,
        promote_to_multi=not is_mixed and shapes != {OgrGeometry.POINT},
        **options,
    )


def _with_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose counts are whole numbers, so that files say 2036 and not 2036.0."""
    counts = [name for name in frame.columns if name in COLUMNS and COLUMNS[name].format is NumberFormat.COUNT]
    whole = [name for name in counts if (frame[name].dropna() % 1 == 0).all()]
    return frame.astype(dict.fromkeys(whole, "Int64"))


def _layer_sheet(layer: Layer, frame: pd.DataFrame, note: str) -> GeoPackageLayer:
    title, shapes = translate(LAYER_NAMES[layer]), _shapes_of(frame)
    styles = [] if len(shapes) > 1 else [Style(title, plain_style(layer, _shape_of(frame)))]
    return GeoPackageLayer(layer.value, title, frame, styles, note)


def _coverage_sheets(
    layer: Layer, frame: gpd.GeoDataFrame, reference: pd.DataFrame, note: str
) -> list[GeoPackageLayer]:
    title = translate(text("Coverage of {level}", level=translate(LAYER_NAMES[layer])))
    shown = [_DEFAULT, *(kind for kind in MapLayer if kind is not _DEFAULT and _has_values(kind, frame))]
    sheets = []
    for suffix, part in _by_shape(frame):
        scales = (_scale(kind, layer, frame, reference) for kind in shown)
        styles = [Style(translate(scale.title), zone_style(scale, _shape_of(part))) for scale in scales]
        sheets.append(GeoPackageLayer(f"coverage_{layer}{suffix}", title, part, styles, note))
    return sheets


def _scale(kind: MapLayer, level: Layer, table: pd.DataFrame, reference: pd.DataFrame) -> Scale:
    return make_scale(kind, table if reference_level(kind, level) is level else reference, level)


def _has_values(kind: MapLayer, frame: pd.DataFrame) -> bool:
    column = VALUE_COLUMNS.get(kind, "need")
    return bool(frame[column].notna().any())


def _by_shape(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return one part for areas or lines, and one for points where a layer has both: QGIS draws them differently."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return [("", frame)]
    if len(_shapes_of(frame)) < 2:
        return [("", frame)]
    is_point = frame.geom_type.isin(["Point", "MultiPoint"])
    return [("", frame[~is_point]), (_POINTS, frame[is_point])]


def _shapes_of(frame: pd.DataFrame) -> set[OgrGeometry]:
    """Return which kinds of shapes a frame holds; those without one count for nothing."""
    kinds = set(frame.geom_type.dropna()) if isinstance(frame, gpd.GeoDataFrame) else set()
    return {shape for shape, names in _KINDS.items() if kinds & names}


def _shape_of(frame: pd.DataFrame) -> OgrGeometry:
    """Return the widest kind of shape in a frame; points where there is none."""
    return next((shape for shape in _KINDS if shape in _shapes_of(frame)), OgrGeometry.POINT)


def _add_styles(path: Path, sheets: Sequence[GeoPackageLayer]) -> None:
    connection = sqlite3.connect(str(path))
    try:
        with connection:
            connection.execute(_STYLES_TABLE)
            connection.execute(_REGISTER)
            for sheet in sheets:
                if isinstance(sheet.frame, gpd.GeoDataFrame):
                    rows = [(sheet.name, style.name, style.qml, k == 0) for k, style in enumerate(sheet.styles)]
                    connection.executemany(_ADD_STYLE, rows)
    finally:
        connection.close()
