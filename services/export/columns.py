"""How the columns of tables are headed and formatted; the Chinese words are those that imports understand."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.coverage import Status
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS
from services.coverage import load_norms
from services.i18n import Text, text
from services.rules.need import ITEM_PREFIX, item_columns


class NumberFormat(StrEnum):
    """Number formats of spreadsheets."""

    TEXT = "@"
    GENERAL = "General"
    COUNT = "#,##0"
    PERSONS = "#,##0.0"
    SHARE = "0.0%"
    AREA = "0.000"
    FINE = "0.000"
    DEGREES = "0.000000"


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """Header and number format of a column."""

    header: Text
    format: NumberFormat = NumberFormat.TEXT
    on_paper: bool = True
    """Whether it is printed; such that are not stand last."""


_FORMATS: Final = {
    Kind.COUNT: NumberFormat.COUNT,
    Kind.SHARE: NumberFormat.SHARE,
    Kind.LONGITUDE: NumberFormat.DEGREES,
    Kind.LATITUDE: NumberFormat.DEGREES,
}
"""How values of a kind are formatted; all others as text."""


def _layer_columns() -> dict[str, ColumnFormat]:
    return {
        field.name: ColumnFormat(
            field.title, _FORMATS.get(field.kind, NumberFormat.TEXT), on_paper=field.kind is not Kind.WKT
        )
        for spec in LAYERS.values()
        for field in spec.fields
        if field.is_read
    }


COLUMNS: Final = _layer_columns() | {
    "area_km2": ColumnFormat(text("Area (km²)"), NumberFormat.AREA),
    "members": ColumnFormat(text("Members"), NumberFormat.COUNT),
    "density_per_1000": ColumnFormat(text("Members per 1,000 residents"), NumberFormat.PERSONS),
    "density_per_km2": ColumnFormat(text("Members per km²"), NumberFormat.PERSONS),
    "need": ColumnFormat(text("Need, persons"), NumberFormat.GENERAL),
    "supply": ColumnFormat(text("Supply, persons"), NumberFormat.GENERAL),
    "supply_members": ColumnFormat(text("Supply: members here"), NumberFormat.GENERAL),
    "supply_in": ColumnFormat(text("Supply: sent here"), NumberFormat.GENERAL),
    "supply_out": ColumnFormat(text("Supply: sent away"), NumberFormat.GENERAL),
    "supply_roster": ColumnFormat(text("Supply: on duty by roster"), NumberFormat.GENERAL),
    "callable": ColumnFormat(text("Could still be called"), NumberFormat.GENERAL),
    "asked": ColumnFormat(text("On rosters, to be confirmed"), NumberFormat.GENERAL),
    "covered": ColumnFormat(text("Share of the window held by rosters"), NumberFormat.SHARE),
    "met": ColumnFormat(text("Met"), NumberFormat.GENERAL),
    "gap": ColumnFormat(text("Gap"), NumberFormat.GENERAL),
    "surplus": ColumnFormat(text("Surplus"), NumberFormat.GENERAL),
    "share_met": ColumnFormat(text("Need met"), NumberFormat.SHARE),
    "ratio": ColumnFormat(text("Coverage ratio"), NumberFormat.SHARE),
    "chance": ColumnFormat(text("Chance that enough come"), NumberFormat.SHARE),
    "reach": ColumnFormat(text("Persons within reach for each person needed"), NumberFormat.FINE),
    "cold_z": ColumnFormat(text("Gi* z"), NumberFormat.FINE),
    "cold_p": ColumnFormat(text("Gi* p"), NumberFormat.FINE),
    "cold": ColumnFormat(text("Cold or hot spot")),
    "status": ColumnFormat(text("Status")),
    "grid_code": ColumnFormat(text("Grid code")),
    "home_grid": ColumnFormat(text("Home grid")),
    "estate_code": ColumnFormat(text("Estate code")),
    "geom": ColumnFormat(text("Place or outline")),
}


def column_of(name: str) -> ColumnFormat:
    """Return how a column is headed and formatted; ``wkt2`` and on are parts of ``wkt``, others keep their name."""
    if name.startswith(ITEM_PREFIX):
        item = item_columns(load_norms()).get(name, name)
        return ColumnFormat(text("Need: {item}", item=item), NumberFormat.GENERAL)
    part = name.removeprefix("wkt")
    if part != name and part.isdigit():
        return ColumnFormat(text("Shape as WKT, part {part}", part=part), on_paper=False)
    return COLUMNS.get(name, ColumnFormat(Text(name)))


STATUS_NAMES: Final = {
    Status.NO_DATA.value: text("No data"),
    Status.NO_NEED.value: text("No need"),
    Status.WEAK.value: text("Short of people"),
    Status.ENOUGH.value: text("Enough people"),
    Status.SPARE.value: text("People to spare"),
}
SPOT_NAMES: Final = {"cold": text("Cold spot"), "hot": text("Hot spot")}
