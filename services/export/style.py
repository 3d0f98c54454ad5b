"""QGIS styles (QML): the classes of the map as a categorised renderer, and plain styles for bare layers."""

from enum import StrEnum
from typing import Final
from xml.etree import ElementTree as ET

from geo.schema import WIDE_LAYERS, Layer
from services.coverage import load_norms
from services.export.columns import COLUMNS, column_of
from services.i18n import translate
from services.rules.class_colours import HATCHES, NO_DATA, NO_NEED, Hatch, class_colours
from services.rules.classes import NO_DATA_LABEL, NO_NEED_LABEL, TOLD_WITHOUT_NEED, MapLayer, Scale
from services.rules.need import item_columns

QGIS_VERSION: Final = "3.22.0"
"""The oldest QGIS these styles were tried with; newer ones convert what they read."""
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VALUES: Final = {
    MapLayer.RATIO: """CASE WHEN "status" = 'weak' OR "ratio" > 1 THEN "ratio" WHEN "ratio" IS NOT NULL THEN 1 END""",
    MapLayer.GAP: """CASE WHEN "status" = 'weak' THEN -"gap" WHEN "status" <> 'no_need' THEN "surplus" END""",
    MapLayer.CHANCE: '"chance"',
    MapLayer.DENSITY: '"density_per_1000"',
    MapLayer.REACH: '"reach"',
    MapLayer.CALLABLE: '"callable"',
    MapLayer.COLD: 'CASE WHEN "cold_z" IS NULL THEN NULL'
    """ WHEN "cold" = 'cold' THEN 0 WHEN "cold" = 'hot' THEN 2 ELSE 1 END""",
}
"""``services.rules.classes.map_values`` in the language of QGIS."""
_SHARE_MET: Final = """CASE WHEN "status" = 'weak' THEN "met" / "need" WHEN "need" > 0 THEN 1 END"""


class OgrGeometry(StrEnum):
    """What a layer of a file holds, by the name OGR gives it."""

    POLYGON = "MultiPolygon"
    LINE = "MultiLineString"
    POINT = "Point"


_SYMBOL_KINDS: Final = {OgrGeometry.POLYGON: "fill", OgrGeometry.LINE: "line", OgrGeometry.POINT: "marker"}
_PLAIN: Final = {
    Layer.DISTRICTS: ("#f6f4ee", "#4b4f58", 0.6),
    Layer.SUBDISTRICTS: ("#f6f4ee", "#5d626c", 0.46),
    Layer.COMMUNITIES: ("#f6f4ee", "#7a808a", 0.3),
    Layer.GRIDS: ("#f6f4ee", "#9aa0a9", 0.2),
    Layer.ESTATES: ("#e3ddd0", "#8a8371", 0.2),
    Layer.UNITS: ("#0072B2", "#ffffff", 0.3),
    Layer.TEAMS: ("#D55E00", "#ffffff", 0.3),
    Layer.ROADS: ("#8d949e", "#8d949e", 0.4),
    Layer.WATER: ("#bcd9e8", "#8fb8cc", 0.3),
}
"""Fill, outline and its width (mm) of each layer."""


def zone_style(scale: Scale, shape: OgrGeometry) -> str:
    """Return the QML of a coverage layer: a category for each class, for "no need" and for "no data".

    Classes are computed from the columns, so that they follow when somebody edits a number in QGIS.
    """
    root = _document()
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr=class_expression(scale), forceraster="0"
    )
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    rows = [(str(k), translate(label)) for k, label in enumerate(scale.labels)]
    rows += [(NO_NEED, translate(NO_NEED_LABEL)), (NO_DATA, translate(NO_DATA_LABEL))]
    colours = class_colours(scale.colours)
    for k, (value, label) in enumerate(rows):
        ET.SubElement(categories, "category", value=value, type="long", symbol=str(k), label=label, render="true")
        _add_symbol(symbols, str(k), shape, colours[value], hatch=HATCHES.get(value))
    _add_aliases(root)
    return _text(root)


def plain_style(layer: Layer, shape: OgrGeometry) -> str:
    """Return the QML of a bare layer: one symbol, column names in the current language."""
    root = _document()
    renderer = ET.SubElement(root, "renderer-v2", type="singleSymbol", forceraster="0")
    fill, line, width = _PLAIN.get(layer, ("#0072B2", "#ffffff", 0.3))
    _add_symbol(ET.SubElement(renderer, "symbols"), "0", shape, fill, line=line, width=width)
    _add_aliases(root)
    return _text(root)


def class_expression(scale: Scale) -> str:
    """Return the QGIS expression of a zone's class: 0, 1, … from the lowest, 8 for no need, 9 for no data."""
    is_share = scale.layer is MapLayer.RATIO and scale.level in WIDE_LAYERS
    value = _SHARE_MET if is_share else _VALUES[scale.layer]
    unless = f" AND ({value}) IS NULL" if scale.layer in TOLD_WITHOUT_NEED else ""
    no_need = f""" WHEN "status" = 'no_need'{unless} THEN {NO_NEED}"""
    steps = "".join(f" WHEN ({value}) < {limit!r} THEN {k}" for k, limit in enumerate(scale.limits))
    return (
        f"""CASE WHEN "status" = 'no_data' THEN {NO_DATA}{no_need} WHEN ({value}) IS NULL THEN {NO_DATA}{steps}"""
        f" ELSE {len(scale.limits)} END"
    )


def _document() -> ET.Element:
    return ET.Element("qgis", version=QGIS_VERSION, styleCategories="Symbology|Fields")


def _add_symbol(
    parent: ET.Element,
    name: str,
    shape: OgrGeometry,
    colour: str,
    *,
    line: str = "#ffffff",
    width: float = 0.1,
    hatch: Hatch | None = None,
) -> None:
    symbol = ET.SubElement(parent, "symbol", name=name, type=_SYMBOL_KINDS[shape], alpha="1", clip_to_extent="1")
    match shape:
        case OgrGeometry.POLYGON:
            _add_part(symbol, "SimpleFill", color=colour, style="solid", outline_color=line, outline_width=width)
            if hatch:
                style = "b_diagonal" if hatch.rises else "f_diagonal"
                _add_part(symbol, "SimpleFill", color=hatch.colour, style=style, outline_style="no")
        case OgrGeometry.LINE:
            _add_part(symbol, "SimpleLine", line_color=colour, line_width=width, capstyle="round", joinstyle="round")
        case OgrGeometry.POINT:
            _add_part(symbol, "SimpleMarker", name="circle", color=colour, outline_color="#4b4f58", size=2.4)


def _add_part(symbol: ET.Element, kind: str, **properties: str | float) -> None:
    part = ET.SubElement(symbol, "layer", attrib={"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
    for name, value in properties.items():
        said = _rgba(value) if isinstance(value, str) and value.startswith("#") else str(value)
        ET.SubElement(part, "prop", k=name, v=said)


def _add_aliases(root: ET.Element) -> None:
    aliases = ET.SubElement(root, "aliases")
    for field, column in (COLUMNS | {name: column_of(name) for name in item_columns(load_norms())}).items():
        ET.SubElement(aliases, "alias", field=field, name=translate(column.header))


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5)) + ",255"


def _text(root: ET.Element) -> str:
    return _DOCTYPE + ET.tostring(root, encoding="unicode")
