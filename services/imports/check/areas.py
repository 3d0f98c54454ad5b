"""Which rows of a file lie inside the area of whoever imports it."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.arrays import Flags
from geo.crs import project
from geo.schema import ZONE_LAYERS, Layer
from services.catalog.layers import LAYERS
from services.imports.options import StoredData
from services.rules.areas import Area

NOBODYS: Final = frozenset(layer for layer, spec in LAYERS.items() if not spec.home)
"""Layers that belong to no part: only whoever is in charge of everything imports them."""
EDGE_M: Final = 500.0
"""So far outside the outline of the area a place may lie: outlines are redrawn, and people live at the edge."""


def importable_layers(area: Area) -> tuple[Layer, ...]:
    """Return the layers of which rows can lie inside an area: the zone it is itself is changed from the level above.

    >>> [layer.value for layer in importable_layers(Area(Layer.COMMUNITIES, "C1"))]
    ['grids', 'estates', 'members', 'teams']
    """
    if area.layer is None:
        return tuple(Layer)
    if area.layer not in ZONE_LAYERS:
        return ()
    not_below = ZONE_LAYERS[: ZONE_LAYERS.index(area.layer) + 1]
    return tuple(layer for layer in Layer if layer not in NOBODYS and layer not in not_below)


def home_field(layer: Layer) -> str:
    """Return the column that says to which zone a row of a layer belongs."""
    return LAYERS[layer].home


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
