"""What layers, fields, datums and formats are called, and how values of fields are read. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from geo.schema import PARENT_LAYER, ZONE_LAYERS, Datum, Layer
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS
from services.export.columns import COLUMNS
from services.i18n import Text, _, text
from services.imports.check.datums import DATUM_NAMES as SHORT_NAMES
from services.imports.check.datums import DatumSource, DatumUse
from services.rules.headers import WORDS
from services.rules.layer_names import LAYER_NAMES
from services.wording import number, percent

DATUM_NAMES: Final[Mapping[Datum, Text]] = {
    Datum.WGS84: text("WGS-84 (GPS)"),
    Datum.CGCS2000: text("CGCS2000 (national)"),
    Datum.GCJ02: text("GCJ-02 (Amap, Tencent)"),
    Datum.BD09: text("BD-09 (Baidu)"),
}
SHORT_DATUMS: Final[Mapping[str, str]] = {datum.value: name for datum, name in SHORT_NAMES.items()}
"""By the value in the store."""
PEOPLE: Final = frozenset({Layer.MEMBERS})
"""Layers of persons: no map shows where one of them lives."""


def layer_name(layer: Layer) -> str:
    """Return what a layer is called."""
    return _(LAYER_NAMES[layer])


def field_name(field: str, layer: Layer) -> str:
    """Return what a field of a layer is called."""
    if field == "parent_code" and layer in PARENT_LAYER:
        return _("Belongs to {layer} (code or name)", layer=layer_name(PARENT_LAYER[layer]))
    spec = LAYERS[layer].field(field)
    return _((spec and spec.label) or COLUMNS[field].header)


def fields_of(layer: Layer) -> tuple[str, ...]:
    """Return every field that can be read into a layer, in the order in which people look for them."""
    known = WORDS[layer]
    first = [field for field in ("name", "code", "parent_code") if field in known]
    return (*first, *(field for field in known if field not in first))


def is_required(field: str, layer: Layer, *, has_shapes: bool) -> bool:
    """Return whether rows without this field cannot be taken: a name, and for zones a shape."""
    if field == "wkt":
        return layer in ZONE_LAYERS[:-1] and not has_shapes
    return field == "name" and not LAYERS[layer].is_piece


def field_facts(layer: Layer, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what fields of a row are called and hold, as people read them, in the order of the layer.

    Parameters
    ----------
    layer, values
        Stored values of a row of the layer, by field.
    """
    fields = (field for field in LAYERS[layer].fields if field.name in values)
    return [(_(field.title), _value_words(field.kind, values[field.name])) for field in fields]


def _value_words(kind: Kind, value: Any) -> str:
    match kind:
        case Kind.SHARE:
            return percent(value)
        case Kind.COUNT:
            return number(value)
        case Kind.FLAG:
            return _("yes") if value else _("no")
        case Kind.LIST | Kind.SKILLS | Kind.CODES:
            return str(value).replace(";", "、")
    return str(value)


def datum_sentence(use: DatumUse) -> str:
    """Return in one sentence which datum is used and how it became known."""
    if use.datum is None or use.how is None:
        return _("The file has no coordinates.")
    name = SHORT_DATUMS[use.datum.value]
    if not use.is_settled and use.scores:
        return _("The datums fit what is stored about equally well. Choose the right one before you import.")
    if not use.is_settled:
        return _("Nothing stored could tell which datum this is. Choose it before you import.")
    if use.how is DatumSource.GUESSED:
        points = f"{100 * (use.margin or 0.0):.1f}"
        return _("Compared with what is stored, {datum} fits best, {points} points ahead.", datum=name, points=points)
    if use.how is DatumSource.GIVEN:
        return _("You chose {datum}.", datum=name)
    return _("The file says {datum}.", datum=name)
