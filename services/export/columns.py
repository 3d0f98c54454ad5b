"""How the columns of tables are headed and formatted; the Chinese words are those that imports understand."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.coverage import Status
from services.i18n import Text, text


class Format(StrEnum):
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
class Column:
    """Header and number format of a column."""

    header: Text
    format: Format = Format.TEXT
    on_paper: bool = True
    """Whether it is printed; such that are not stand last."""


COLUMNS: Final = {
    "code": Column(text("Code")),
    "name": Column(text("Name")),
    "parent_code": Column(text("Parent code")),
    "residents": Column(text("Residents"), Format.COUNT),
    "households": Column(text("Households"), Format.COUNT),
    "outsiders": Column(text("Outsiders"), Format.COUNT),
    "area_km2": Column(text("Area (km²)"), Format.AREA),
    "members": Column(text("Members"), Format.COUNT),
    "density_per_1000": Column(text("Members per 1,000 residents"), Format.PERSONS),
    "density_per_km2": Column(text("Members per km²"), Format.PERSONS),
    "need": Column(text("Need, persons"), Format.GENERAL),
    "need_gate": Column(text("Need: gates"), Format.GENERAL),
    "need_door": Column(text("Need: door to door"), Format.GENERAL),
    "need_service": Column(text("Need: resident service"), Format.GENERAL),
    "need_sanitation": Column(text("Need: sanitation"), Format.GENERAL),
    "need_publicity": Column(text("Need: publicity"), Format.GENERAL),
    "supply": Column(text("Supply, persons"), Format.GENERAL),
    "supply_members": Column(text("Supply: members here"), Format.GENERAL),
    "supply_in": Column(text("Supply: sent here"), Format.GENERAL),
    "supply_out": Column(text("Supply: sent away"), Format.GENERAL),
    "met": Column(text("Met"), Format.GENERAL),
    "gap": Column(text("Gap"), Format.GENERAL),
    "surplus": Column(text("Surplus"), Format.GENERAL),
    "share_met": Column(text("Need met"), Format.SHARE),
    "ratio": Column(text("Coverage ratio"), Format.SHARE),
    "reach": Column(text("Persons within reach for each person needed"), Format.FINE),
    "cold_z": Column(text("Gi* z"), Format.FINE),
    "cold_p": Column(text("Gi* p"), Format.FINE),
    "cold": Column(text("Cold or hot spot")),
    "status": Column(text("Status")),
    "blocks": Column(text("Blocks"), Format.COUNT),
    "gates": Column(text("Gates"), Format.COUNT),
    "managed": Column(text("Managed")),
    "mixed_use": Column(text("Mixed use")),
    "address": Column(text("Address")),
    "community_codes": Column(text("Community codes")),
    "contact": Column(text("Contact")),
    "phone": Column(text("Phone")),
    "unit_code": Column(text("Unit code")),
    "community_code": Column(text("Community code")),
    "grid_code": Column(text("Grid code")),
    "home_grid": Column(text("Home grid")),
    "estate_code": Column(text("Estate code")),
    "skills": Column(text("Skills")),
    "available_workday": Column(text("Available workday"), Format.SHARE),
    "available_evening": Column(text("Available evening"), Format.SHARE),
    "available_weekend": Column(text("Available weekend"), Format.SHARE),
    "available_night": Column(text("Available night"), Format.SHARE),
    "kind": Column(text("Kind")),
    "size": Column(text("Size"), Format.COUNT),
    "leader": Column(text("Leader")),
    "leader_role": Column(text("Leader role")),
    "keep_until": Column(text("Kept until")),
    "identity": Column(text("Identity number")),
    "geom": Column(text("Place or outline")),
    "wkt": Column(text("Shape as WKT"), on_paper=False),
    "lon": Column(text("Longitude"), Format.DEGREES),
    "lat": Column(text("Latitude"), Format.DEGREES),
}


def column_of(name: str) -> Column:
    """Return how a column is headed and formatted; ``wkt2`` and on are parts of ``wkt``, others keep their name."""
    part = name.removeprefix("wkt")
    if part != name and part.isdigit():
        return Column(text("Shape as WKT, part {part}", part=part), on_paper=False)
    return COLUMNS.get(name, Column(Text(name)))


STATUS_NAMES: Final = {
    Status.NO_DATA.value: text("No data"),
    Status.NO_NEED.value: text("No need"),
    Status.WEAK.value: text("Short of people"),
    Status.ENOUGH.value: text("Enough people"),
    Status.SPARE.value: text("People to spare"),
}
SPOT_NAMES: Final = {"cold": text("Cold spot"), "hot": text("Hot spot")}
