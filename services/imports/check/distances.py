"""A place is compared with the zone that the row names as its own: far from it, one of the two is wrong."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import project, projected_crs
from geo.schema import STORED_CRS, Layer
from services.catalog.layers import LAYERS
from services.imports.check.links import LINKS
from services.imports.check.outlines import is_same
from services.imports.options import StoredData

_HOMES: Final = ("parent_code", "community_code", "community_codes")
"""Columns that say where a row belongs."""


def home_column(layer: Layer) -> str:
    """Return the column that names the zone, or zones, of a row; empty for a layer that has none."""
    return next((field for field in _HOMES if field in LINKS.get(layer, {})), "")


def far_rows(
    layer: Layer,
    codes: Sequence[str | None],
    zones: Sequence[str | None],
    shapes: NDArray[np.object_],
    stored_data: StoredData,
) -> dict[int, dict[str, str | int | float]]:
    """Return which rows would lie far from their zone: place → ``zone`` (its name) and ``km``.

    What the file leaves out is taken from the store; a row whose place and zone both are as they are stored is no
    news and stays out of it.

    Parameters
    ----------
    layer
        What the rows are to become.
    codes
        ``(n,)`` codes of the rows.
    zones
        ``(n,)`` zones that they name, several joined by ``;``, None where none is named.
    shapes
        ``(n,)`` in WGS-84 degrees, None where there is none.
    stored_data
        What the store holds.
    """
    limit_m = LAYERS[layer].far_m
    if limit_m is None:
        return {}
    before, target = stored_data.layer(layer), LINKS[layer][home_column(layer)]
    outlines, names = stored_data.zones(target), stored_data.layer(target)["name"]
    homes, places = (
        before[column].reindex(pd.Index(codes)).to_numpy(dtype=object)
        if column in before
        else np.full(len(codes), None)
        for column in (home_column(layer), "geom")
    )
    moved = ~shapely.is_missing(shapes) & ~is_same(shapes, places)
    named = np.array([bool(zone) and zone != home for zone, home in zip(zones, homes, strict=True)], dtype=bool)
    now = np.where(shapely.is_missing(shapes), places, shapes)
    now[~(moved | named)] = None
    either = [zone or (home if isinstance(home, str) else None) for zone, home in zip(zones, homes, strict=True)]
    far = distances_from_zones(now, either, outlines, limit_m=limit_m)
    return {place: {"zone": str(names[code]) or code, "km": _kilometres(m)} for place, (code, m) in far.items()}


def _kilometres(metres: float) -> int:
    return round(metres / 1000) if np.isfinite(metres) else 20_000


def distances_from_zones(
    shapes: NDArray[np.object_], zones: Sequence[str | None], outlines: gpd.GeoSeries, *, limit_m: float
) -> dict[int, tuple[str, float]]:
    """Return which rows lie far from a zone that they name: place → the farthest zone and its distance in metres.

    Parameters
    ----------
    shapes
        ``(n,)`` in WGS-84 degrees, None where there is none.
    zones
        ``(n,)`` codes, several joined by ``;``, None where none is named. Those without an outline are passed over.
    outlines
        Of the zones, indexed by code, EPSG:4326.
    limit_m
        From where on it is far, from the edge of the zone to the nearest part of the shape.
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
