"""Where the rows of a draft lie: places read and checked, parts joined, datum, parents, outlines and distances."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.arrays import Bounds
from geo.datum import convert_geometries
from geo.errors import Problem
from geo.schema import ZONE_LAYERS, Datum, Layer
from geo.validate import Fault
from services.imports.check.areas import home_field, rows_inside
from services.imports.check.datums import DATUM_NAMES, DatumUse, settle_datum
from services.imports.check.distances import far_rows, home_column
from services.imports.check.draft import CheckedRows
from services.imports.check.links import LINKS, parents_by_place
from services.imports.check.locations import Locations, read_places
from services.imports.check.outlines import settle_outlines
from services.imports.check.parts import join_parts
from services.imports.check.rows import without_persons
from services.imports.findings import Finding, Treatment
from services.imports.options import FarPlaces, Options, StoredData


def place_rows(draft: CheckedRows, options: Options) -> Locations:
    """Return the places of the rows; refuse rows whose place cannot be used."""
    rejected = {row for row, is_in in zip(draft.rows, draft.accepted, strict=True) if not is_in}
    names = [name or "" for name in draft.column("name")]
    places = read_places(
        draft.table, draft.mapping, draft.layer, options, names=names, skip=rejected, home=_home(draft.stored)
    )
    draft.add(Finding(note, Treatment.NOTED) for note in places.way.notes)
    refused = [p for p in places.checked.problems if not (p.code == Fault.NULL and _is_drawn(draft, p.row))]
    draft.add(Finding(without_persons(p, draft.layer), Treatment.REJECTED) for p in refused)
    if places.swapped:
        draft.note("swapped_as_wished", count=places.swapped)
    return places


def _home(stored_data: StoredData) -> Bounds | None:
    """Return the bounds of the widest stored zones, in degrees."""
    zones = next((zones for layer in ZONE_LAYERS if len(zones := stored_data.zones(layer))), None)
    return None if zones is None else tuple(zones.total_bounds.tolist())


def _is_drawn(draft: CheckedRows, row: int) -> bool:
    """Return whether the code that a row states is stored with a shape, which stays where the file has none."""
    before = draft.stored.layer(draft.layer)
    code = draft.column("code").iloc[draft.place_of[row]]
    return "geom" in before.columns and code in before.index and before.loc[code, "geom"] is not None


def join_zones(draft: CheckedRows, places: Locations) -> Locations:
    """Return the places with the parts of one zone together in its first row; the other rows are in it."""
    if draft.layer not in ZONE_LAYERS:
        return places
    joined = join_parts(draft.frame, places.checked.geometry, draft.accepted)
    draft.frame = joined.frame
    for place, first in joined.first.items():
        problem = Problem(draft.rows[place], "", "part_of_zone", params={"first_row": draft.rows[first]})
        draft.add([Finding(problem, Treatment.NOTED)])
        draft.accepted[place] = False
    draft.parts = len(joined.first)
    draft.parents = list(draft.column("parent_code"))
    return replace(places, checked=replace(places.checked, geometry=joined.shapes))


def choose_datum(draft: CheckedRows, places: Locations, options: Options) -> DatumUse:
    """Return the datum to use; note where it is assumed, or another agrees better with what is stored."""
    home = "community_code" if draft.layer is Layer.MEMBERS else "parent_code"
    datum = settle_datum(
        draft.accepted_only(places.checked.geometry),
        layer=draft.layer,
        chosen_datum=options.datum,
        file_datum=places.way.datum,
        stored_data=draft.stored,
        parents=list(draft.column(home)),
    )
    if not datum.is_settled:
        draft.note("datum_assumed")
    if datum.agrees_better is not None:
        draft.note("datum_doubtful", better=DATUM_NAMES[datum.agrees_better])
    return datum


def shapes_in_wgs84(draft: CheckedRows, places: Locations, datum: DatumUse) -> NDArray[np.object_]:
    """Return ``(n,)`` shapes in WGS-84 degrees, None where a row has none or is refused."""
    shapes = draft.accepted_only(places.checked.geometry)
    if datum.datum is None or datum.datum in {Datum.WGS84, Datum.CGCS2000}:
        return shapes
    return convert_geometries(shapes, datum.datum, Datum.WGS84)


def fill_parents(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Find by place the parents that nobody stated."""
    if "parent_code" not in LINKS.get(draft.layer, {}):
        return
    zones = draft.stored.zones(LINKS[draft.layer]["parent_code"])
    found = parents_by_place(draft.parents, shapes, draft.rows, draft.accepted, zones)
    draft.parents = list(found.codes)
    draft.add(found.findings)


def refuse_outside(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Refuse rows that lie outside the area of whoever imports them."""
    field = home_field(draft.layer)
    homes = draft.parents if field in {"", "parent_code"} else list(draft.column(field))
    inside = rows_inside(draft.layer, draft.codes, homes, shapes, draft.stored)
    draft.reject_where(~inside, field if draft.header(field) else "code", "outside_area")


def keep_outlines(
    draft: CheckedRows, shapes: NDArray[np.object_], places: Locations, options: Options
) -> NDArray[np.object_]:
    """Return the shapes with stored outlines in place of less."""
    before = draft.stored.layer(draft.layer)
    if not places.is_stated or "geom" not in before.columns:
        return shapes
    settled = settle_outlines(
        shapes,
        before["geom"].reindex(pd.Index(draft.codes)).to_numpy(dtype=object),
        rows={p: draft.rows[p] for p in np.flatnonzero(draft.accepted).tolist()},
        column=draft.header("wkt") or draft.header("lon"),
        wish=options.outlines,
    )
    draft.outlines_kept = settled.kept_count
    draft.add(settled.findings)
    return settled.shapes


def refuse_far(draft: CheckedRows, shapes: NDArray[np.object_], options: Options) -> None:
    """Refuse rows that lie far from the zone that they name, unless the user says that they do."""
    field = home_column(draft.layer)
    zones = draft.parents if field == "parent_code" else list(draft.column(field))
    far = far_rows(draft.layer, draft.codes, zones, draft.accepted_only(shapes), draft.stored)
    action = Treatment.NOTED if options.far is FarPlaces.ACCEPT else Treatment.REJECTED
    draft.rows_far = len(far) if action is Treatment.REJECTED else 0
    for place, params in far.items():
        column = draft.header(field) or draft.header("wkt") or draft.header("lon") or draft.header("lonlat")
        draft.add([Finding(Problem(draft.rows[place], column, "far_from_zone", params=params), action)])
