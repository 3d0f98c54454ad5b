"""What the program fills into a form by itself: figures that are known already, so that nobody types them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo.schema import ZONE_LAYERS, Layer
from services.context import Transaction
from services.matters.places import PlaceTree
from services.rules.areas import Area
from services.rules.matters.forms import FieldValue, FormField
from services.rules.matters.machine import LIVE, MatterState


def read_figures(
    tx: Transaction, places: PlaceTree, fields: Sequence[FormField], zone: Area, period: str
) -> dict[str, FieldValue]:
    """Return what the program knows for the fields of a form, by code; what nobody knows is left out.

    Parameters
    ----------
    zone, period
        Of the sheet; the same field of another sheet of zone and period is typed once.
    """
    figures: dict[str, FieldValue] = {}
    for field in fields:
        root, _, name = field.path.partition(".")
        value: FieldValue | None
        if root == "zone":
            value = _of_zone(tx, places, zone, name)
        elif root == "coverage":
            value = len(_members(tx, places, zone))
        elif root == "matters":
            value = _of_matters(tx, places, zone, *name.split("."))
        elif root == "field":
            value = _of_sheets(tx, zone, period, name)
        else:
            continue
        if value is not None:
            figures[field.code] = value
    return figures


def _of_zone(tx: Transaction, places: PlaceTree, zone: Area, name: str) -> int | None:
    """Return a count of a zone; where it states none, that of the zones in it, if all of them do."""
    assert zone.layer is not None  # noqa: S101 - sheets are of zones
    frame = tx.read_layer(zone.layer, columns=[name])
    own = frame[name].get(zone.code)
    if own is not None and not pd.isna(own):
        return int(own)
    parts = [_of_zone(tx, places, each, name) for each in places.below(zone) if each.layer is not Layer.ESTATES]
    known = [part for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else None


def _members(tx: Transaction, places: PlaceTree, zone: Area) -> list[str]:
    """Return the codes of the members who belong to the grids of a zone."""
    grids = {place.code for place in places.within(Layer.GRIDS, zone)}
    assigned: pd.Series = tx.read_assignments(["grid_code"])["grid_code"]
    return [str(code) for code in assigned.index[assigned.isin(list(grids))]]


def _of_matters(tx: Transaction, places: PlaceTree, zone: Area, kind: str, which: str) -> int:
    states = LIVE if which == "open" else {MatterState.ANSWERED, MatterState.CLOSED}
    rows = tx.matters.read_matters(kind=[kind], state=[state.value for state in states])
    return sum(_lies_in(places, row["subject"], zone) for row in rows)


def _lies_in(places: PlaceTree, subject: str, zone: Area) -> bool:
    layer, _, code = subject.partition(":")
    return layer in set(ZONE_LAYERS) and places.is_inside(Area(Layer(layer), code), zone)


def _of_sheets(tx: Transaction, zone: Area, period: str, code: str) -> FieldValue | None:
    rows = tx.matters.read_matters(subject=[str(zone)], period=[period])
    stated = (_values(row).get(code) for row in rows)
    return next((value for value in stated if value is not None), None)


def _values(row: Mapping[str, Any]) -> dict[str, FieldValue]:
    values: dict[str, FieldValue] = json.loads(row["fields"])
    return values
