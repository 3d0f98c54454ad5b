"""Layers as they leave the store: no person can be recognised or visited by what is in them."""

import csv
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.schema import Layer
from services.accounts import read_imprint
from services.assignment import people_inside
from services.catalog.actions import Action
from services.catalog.fields import Kind
from services.catalog.layers import BASE_LAYERS, LAYERS
from services.clock import time_with_zone
from services.context import Context, RefusedError, Transaction
from services.errors import ServiceError
from services.export.facts import holds_demo, imprint_rows, record_export
from services.export.tables import keep_digits, write_csv, write_xlsx
from services.export.vector import layers_gpkg, write_geojson, write_parquet
from services.i18n import text, translate
from services.people import masked_phones
from services.rules.areas import Scope
from services.rules.kinds import kind_name
from services.rules.layer_names import LAYER_NAMES
from services.rules.privacy import MASKS, OF_PEOPLE
from services.rules.roles import may
from services.rules.roster.posts import post_kind_name
from services.wording import MARK

_PERSONAL: Final = frozenset(field.name for spec in LAYERS.values() for field in spec.fields if field.kind is Kind.HASH)
"""Columns that are never exported."""
LONGEST_CELL: Final = 32_000
"""Characters of a text in one cell; a spreadsheet takes 32,767."""
MASKED: Final = text(
    "Names, telephone numbers and homes of persons are masked. Imported into the data they came from, they stay as they"
    " are stored; elsewhere they cannot be restored from this file: use a backup."
)


class LayerFile(StrEnum):
    """What layers can be written as, by suffix."""

    GPKG = ".gpkg"
    GEOJSON = ".geojson"
    PARQUET = ".parquet"
    CSV = ".csv"
    XLSX = ".xlsx"

    @property
    def holds_several(self) -> bool:
        """Whether one file can hold several layers."""
        return self in {LayerFile.GPKG, LayerFile.XLSX}


class NothingToExportError(ServiceError, LookupError):
    """None of the layers asked for holds anything."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__(text("There is nothing in {layers} to export", layers=", ".join(layers)))


def export_layers(context: Context, layers: Sequence[Layer], kind: LayerFile) -> tuple[bytes, int]:
    """Return layers as a file's bytes and how many rows it has, and leave an audit row; empty layers are left out.

    Raises
    ------
    NothingToExportError
        If all of them are empty.
    RefusedError
        If the actor's role does not allow exports.
    TooManyRowsError
        If a layer has more rows than a spreadsheet.
    """
    frames = {layer: frame for layer in layers if len(frame := export_layer(context, layer))}
    if not frames:
        raise NothingToExportError(layers)
    content, rows = _render(frames, kind, context), sum(map(len, frames.values()))
    record_export(context, " ".join(frames), format=kind.value, rows=rows, bytes=len(content))
    return content, rows


def export_layer(context: Context, layer: Layer) -> pd.DataFrame:
    """Return a layer as it may be handed out, indexed by ``code``; a ``GeoDataFrame`` in EPSG:4326 but for members.

    Names of persons and telephone numbers are masked, identity hashes left out. Members have no place of their own but
    ``grid_code`` and ``estate_code`` (DESIGN §9: no map shows where a single person lives).

    Only rows inside the actor's area; roads and water are everybody's. Members, teams and units name people, so
    whoever exports them must also be allowed to see people.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports, or to see the people of the layer.
    """
    with context.look(Action.EXPORT) as tx:
        if layer in OF_PEOPLE and not may(context.actor, Action.VIEW_PEOPLE):
            raise RefusedError(Action.VIEW_PEOPLE)
        if layer is Layer.MEMBERS:
            return _members(tx, people_inside(context, tx).index)
        return _masked(tx, layer, _inside(context.scope_in(tx), layer, tx.read_layer(layer)))


def _inside(scope: Scope, layer: Layer, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if scope.is_everything or layer in BASE_LAYERS:
        return frame
    if layer is not Layer.UNITS:
        return scope.limit(layer, frame)
    paired = [
        scope.holds(Layer.UNITS, code)
        or any(scope.holds(Layer.COMMUNITIES, one) for one in str(codes or "").split(";"))
        for code, codes in frame["community_codes"].items()
    ]
    return frame[paired]


def mask_people(layer: Layer, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a layer's frame with persons masked (``services.rules.privacy.MASKS``) and identity hashes left out."""
    masks = MASKS.get(layer, {})
    kept = frame.drop(columns=[name for name in frame.columns if name in _PERSONAL])
    return kept.assign(**{name: kept[name].map(mask, na_action="ignore") for name, mask in masks.items()})


def as_table(layer: Layer, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a layer's frame for a spreadsheet, in words that an import understands again.

    Instead of geometry it has ``lon lat`` (degrees) of the point, or of a point within the zone, lines none; and
    ``wkt`` (7 decimals) of what is no point, which goes on in ``wkt2`` where it is longer than a cell. The parent of a
    team is its ``home_grid``.
    """
    named = frame.rename(columns={"parent_code": "home_grid"}) if layer is Layer.TEAMS else frame
    if not isinstance(named, gpd.GeoDataFrame):
        return named
    plain = pd.DataFrame(named.drop(columns=named.active_geometry_name))
    if not named.geom_type.isin(["LineString", "MultiLineString"]).any():
        points = named.geometry.representative_point()
        plain = plain.assign(lon=points.x.round(7), lat=points.y.round(7))
    return plain.assign(**_wkt_columns(named.geometry))


def _wkt_columns(shapes: gpd.GeoSeries) -> dict[str, "pd.Series[Any]"]:
    """Return the columns that hold what is no point as texts, cut so that a spreadsheet takes them."""
    drawn = shapes[shapely.get_dimensions(shapes.to_numpy()) > 0]
    texts = pd.Series(shapely.to_wkt(drawn.to_numpy(), rounding_precision=7), index=drawn.index, dtype=object)
    parts = range(-(-max(texts.str.len(), default=0) // LONGEST_CELL))
    cut = (texts.str.slice(k * LONGEST_CELL, (k + 1) * LONGEST_CELL) for k in parts)
    return {f"wkt{k + 1 if k else ''}": part.where(part != "").reindex(shapes.index) for k, part in enumerate(cut)}


def _in_words(layer: Layer, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table for people: kinds of roads, waters and posts by their names."""
    if layer is Layer.POSTS:
        return table.assign(kind=table["kind"].map(post_kind_name, na_action="ignore"))
    return table.assign(kind=table["kind"].map(kind_name)) if layer in BASE_LAYERS else table


def _render(frames: Mapping[Layer, pd.DataFrame], kind: LayerFile, context: Context) -> bytes:
    layer, frame = next(iter(frames.items()))
    match kind:
        case LayerFile.GPKG:
            return layers_gpkg(frames, dict.fromkeys(OF_PEOPLE, translate(MASKED)))
        case LayerFile.GEOJSON:
            return write_geojson(frame)
        case LayerFile.PARQUET:
            return write_parquet(frame)
        case LayerFile.CSV:
            return write_csv(keep_digits(as_table(layer, frame)), quoting=csv.QUOTE_NONNUMERIC)
        case LayerFile.XLSX:
            tables = ((name, _in_words(name, as_table(name, rows))) for name, rows in frames.items())
            made_at = context.clock()
            facts = [
                (translate("Classification"), translate(MARK)),
                *((translate(label), said) for label, said in imprint_rows(read_imprint(context))),
                (translate("Made at"), time_with_zone(made_at)),
            ]
            masks = [(translate("Masks"), translate(MASKED))] if OF_PEOPLE & frames.keys() else []
            sheets = {translate(LAYER_NAMES[name]): table for name, table in tables}
            is_demo = holds_demo(context, Action.EXPORT)
            return write_xlsx(sheets, [*facts, *masks], made_at=made_at, fictitious=is_demo)


def _masked(tx: Transaction, layer: Layer, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what was read from the store masked; telephone numbers come sealed and leave as 138****1234."""
    if "phone" not in frame.columns:
        return mask_people(layer, frame)
    phones = pd.Series(masked_phones(tx, layer, frame.index), dtype="str").reindex(frame.index)
    return mask_people(layer, frame).assign(phone=phones)


def _members(tx: Transaction, inside: pd.Index) -> pd.DataFrame:
    masks, own = MASKS[Layer.MEMBERS], LAYERS[Layer.MEMBERS].fields
    plain = (field.name for field in own if field.is_stored and field.kind not in {Kind.CODE, Kind.HASH, Kind.DAY})
    links = LAYERS[Layer.MEMBERS].links
    members = tx.read_layer(Layer.MEMBERS, columns=list(dict.fromkeys((*masks, *links, *plain))))
    days = pd.Series(tx.people.read_last_days(), dtype="str", name="keep_until")
    return (
        _masked(tx, Layer.MEMBERS, members[members.index.isin(inside)])
        .join(days)
        .join(tx.read_assignments(["grid_code", "estate_code"]))
    )
