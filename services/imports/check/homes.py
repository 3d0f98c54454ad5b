"""Whether a row lies where it is said to belong: inside the area of whoever imports it, and near its own zone."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.arrays import Flags
from geo.crs import project, projected_crs
from geo.errors import Problem
from geo.schema import STORED_CRS, ZONE_LAYERS, Layer
from services.catalog.layers import LAYERS
from services.imports.check.draft import CheckedRows
from services.imports.check.outlines import is_same
from services.imports.findings import Finding, Treatment
from services.imports.options import FarPlaces, Options, StoredData
from services.rules.areas import Area

NOBODYS: Final = frozenset(layer for layer, spec in LAYERS.items() if not spec.home)
"""Layers that belong to no part: only whoever is in charge of everything imports them."""
EDGE_M: Final = 500.0
"""So far outside the outline of the area a place may lie: outlines are redrawn, and people live at the edge."""


def importable_layers(area: Area) -> tuple[Layer, ...]:
    """Return the layers of which rows can lie inside an area: the zone it is itself is changed from the level above.

    >>> [layer.value for layer in importable_layers(Area(Layer.COMMUNITIES, "C1"))]
    ['grids', 'estates', 'members', 'teams', 'posts']
    """
    if area.layer is None:
        return tuple(Layer)
    if area.layer not in ZONE_LAYERS:
        return ()
    not_below = ZONE_LAYERS[: ZONE_LAYERS.index(area.layer) + 1]
    return tuple(layer for layer in Layer if layer not in NOBODYS and layer not in not_below)


def refuse_outside(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Refuse rows that lie outside the area of whoever imports them."""
    field = LAYERS[draft.layer].home
    homes = _homes(draft, field or "parent_code")
    inside = rows_inside(draft.layer, draft.codes, homes, shapes, draft.stored)
    draft.reject_where(~inside, field if draft.header(field) else "code", "outside_area")


def refuse_far(draft: CheckedRows, shapes: NDArray[np.object_], options: Options) -> None:
    """Refuse rows that lie far from the zone, or the zones, that they name, unless the user says that they do.

    What the file leaves out is taken from the store; a row whose place and zone both are as they are stored is no
    news and stays out of it.
    """
    spec = LAYERS[draft.layer]
    if spec.far_m is None:
        return
    field = spec.home or next(iter(spec.links))
    names = draft.stored.layer(spec.links[field])["name"]
    shapes, zones = _news(draft, field, draft.accepted_only(shapes))
    far = _far_zones(shapes, zones, draft.stored.zones(spec.links[field]), limit_m=spec.far_m)
    action = Treatment.NOTED if options.far is FarPlaces.ACCEPT else Treatment.REJECTED
    draft.rows_far = len(far) if action is Treatment.REJECTED else 0
    header = draft.header(field, "wkt", "lon", "lonlat")
    for place, (code, distance_m) in far.items():
        params: dict[str, str | int | float] = {"zone": str(names[code]) or code, "km": _kilometres(distance_m)}
        draft.add([Finding(Problem(draft.rows[place], header, "far_from_zone", params=params), action)])


def rows_inside(
    layer: Layer,
    codes: Sequence[str | None],
    homes: Sequence[str | None],
    shapes: NDArray[np.object_],
    stored_data: StoredData,
) -> Flags:
    """Return which rows lie inside the area of ``stored_data.scope``, shape (n,).

    A row lies inside if what is stored under its code does, if the zone it names (or was found in) does, and if it is
    drawn at most ``EDGE_M`` from the area. One that names no zone lies where what is stored under its code lies; a new
    one that names none lies outside.

    Parameters
    ----------
    layer
        What the rows are to become.
    codes
        Of the rows, shape (n,).
    homes
        Parent of zones and teams, community of members, shape (n,); None where nothing is known.
    shapes
        EPSG:4326, shape (n,), None where there is none.
    stored_data
        What the store holds.
    """
    scope = stored_data.scope
    if scope.is_everything:
        return np.ones(len(codes), dtype=bool)
    if layer not in importable_layers(scope.area):
        return np.zeros(len(codes), dtype=bool)
    spec = LAYERS[layer]
    home_layer = spec.links[spec.home]
    named = [None if home is None or pd.isna(home) else scope.holds(home_layer, str(home)) for home in homes]
    known = _known_inside(layer, codes, stored_data)
    fits = [(is_in if is_in is not None else was) for is_in, was in zip(named, known, strict=True)]
    stays = np.array([was is not False for was in known], dtype=bool)
    inside: Flags = np.array([bool(fit) for fit in fits], dtype=bool) & stays & _drawn_inside(shapes, stored_data)
    return inside


def _known_inside(layer: Layer, codes: Sequence[str | None], stored_data: StoredData) -> list[bool | None]:
    """Return whether what is stored under each code lies inside, None where nothing is."""
    there, spec = stored_data.layer(layer), LAYERS[layer]
    if spec.home != "parent_code":
        homes = there[spec.home] if spec.home in there else pd.Series(dtype=object)
        inside = {code: stored_data.scope.holds(spec.links[spec.home], str(home)) for code, home in homes.items()}
    else:
        inside = {code: stored_data.scope.holds(layer, str(code)) for code in there.index}
    return [inside.get(code) for code in codes]


def _drawn_inside(shapes: NDArray[np.object_], stored_data: StoredData) -> Flags:
    area = stored_data.scope.area
    outlines = stored_data.zones(area.layer) if area.layer else None
    drawn = ~shapely.is_missing(shapes)
    if outlines is None or area.code not in outlines.index or not drawn.any():
        return np.ones(len(shapes), dtype=bool)
    outline = project(outlines.loc[[area.code]])
    points = project(gpd.GeoSeries(shapely.point_on_surface(shapes), crs=outlines.crs), outline.crs)
    near = np.asarray(shapely.dwithin(points.to_numpy(), outline.iloc[0], EDGE_M), dtype=bool)
    return near | ~drawn


def _homes(draft: CheckedRows, field: str) -> list[str | None]:
    return draft.parents if field == "parent_code" else draft.column(field).tolist()


def _news(draft: CheckedRows, field: str, shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], list[str | None]]:
    """Return ``(n,)`` places that are news, None for the others, and the zones that they are to be compared with."""
    homes, places = (
        draft.before[column].reindex(pd.Index(draft.codes)).to_numpy(dtype=object)
        if column in draft.before
        else np.full(len(draft.codes), None)
        for column in (field, "geom")
    )
    zones = _homes(draft, field)
    moved = ~shapely.is_missing(shapes) & ~is_same(shapes, places)
    named = np.array([bool(zone) and zone != home for zone, home in zip(zones, homes, strict=True)], dtype=bool)
    now = np.where(shapely.is_missing(shapes), places, shapes)
    now[~(moved | named)] = None
    return now, [zone or (home if isinstance(home, str) else None) for zone, home in zip(zones, homes, strict=True)]


def _kilometres(metres: float) -> int:
    return round(metres / 1000) if np.isfinite(metres) else 20_000


def _far_zones(
    shapes: NDArray[np.object_], zones: Sequence[str | None], outlines: gpd.GeoSeries, *, limit_m: float
) -> dict[int, tuple[str, float]]:
    """Return which rows lie far from a zone that they name: place → the farthest zone and its distance in metres.

    Zones without an outline are passed over. It is far from ``limit_m`` on, from the edge of the zone to the nearest
    part of the shape.
    """
    pairs = [
        (place, code)
        for place, named in enumerate(zones)
        if named and shapes[place] is not None
        for code in named.split(";")
        if code in outlines.index
    ]
    if not pairs:
        return {}
    crs = projected_crs(outlines)
    areas = project(outlines, crs)
    places = sorted({place for place, _ in pairs})
    drawn = project(gpd.GeoSeries(shapes[places], index=places, crs=STORED_CRS), crs)
    left = drawn.loc[[place for place, _ in pairs]].to_numpy()
    right = areas.loc[[code for _, code in pairs]].to_numpy()
    shapely.prepare(right)
    far: dict[int, tuple[str, float]] = {}
    for number in np.flatnonzero(~shapely.dwithin(right, left, limit_m)).tolist():
        place, code = pairs[number]
        distance = float(shapely.distance(left[number], right[number]))
        far[place] = max(far.get(place, (code, 0.0)), (code, distance), key=lambda item: item[1])
    return far
