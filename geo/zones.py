"""What zones are to each other: parents, neighbours, areas, and the point where a label goes."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.arrays import Geometries
from geo.crs import require_metres
from geo.errors import CrsMismatchError

AREA_TIE: Final = 1e-9
"""Shares of a zone that differ by less are equal."""


def parents_by_location(
    children: gpd.GeoDataFrame | gpd.GeoSeries, parents: gpd.GeoDataFrame | gpd.GeoSeries
) -> pd.DataFrame:
    """Return the zone of the level above in which each zone (or point) lies.

    Parameters
    ----------
    children
        Valid polygons or points indexed by code, in metres in a projected CRS.
    parents
        Valid polygons indexed by code, in the same CRS.

    Returns
    -------
        Indexed as the children: ``parent_code``, of the parent that covers most of the child's area (equal areas go
        to the lowest code; null where none does), and ``share``, how much of the area that is (0 to 1). A point lies
        in the lowest code of the parents that hold it, with share 1.

    Raises
    ------
    NotProjectedError
        Where the data are in degrees.
    CrsMismatchError
        Where the two are not in one CRS.
    """
    require_same_metres(children, parents)
    inner, outer = children.geometry.to_numpy(), parents.geometry.to_numpy()
    shapely.prepare(outer)
    parent, child = shapely.STRtree(inner).query(outer, predicate="intersects")
    pairs = pd.DataFrame({"child": child, "code": parents.index.astype(str).to_numpy()[parent]})
    pairs["share"] = _shares(inner[child], outer[parent])
    pairs = pairs[pairs["share"] > 0]
    pairs["rounded"] = (pairs["share"] / AREA_TIE).round()
    best = pairs.sort_values(["child", "rounded", "code"], ascending=[True, False, True]).groupby("child").first()
    best = best.reindex(range(len(inner)))
    return pd.DataFrame(
        {"parent_code": best["code"].to_numpy(), "share": best["share"].fillna(0.0).to_numpy()},
        index=children.index,
    )


def neighbours(zones: gpd.GeoDataFrame | gpd.GeoSeries, *, within_m: float = 1.0) -> pd.DataFrame:
    """Return the pairs of zones that touch, overlap, or are no farther apart than ``within_m``.

    Parameters
    ----------
    zones
        Polygons indexed by code, in metres in a projected CRS; nulls and empty ones have no neighbours.
    within_m
        How far apart in metres neighbours may be: real borders seldom meet exactly.

    Returns
    -------
        Columns ``left``, ``right``: codes, each pair once, the lower code left; sorted.

    Raises
    ------
    NotProjectedError
        Where the zones are in degrees.
    """
    require_metres(zones)
    polygons, codes = zones.geometry.to_numpy(), zones.index.to_numpy().astype(str)
    one, other = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=within_m)
    pairs = pd.DataFrame({"left": codes[one], "right": codes[other]})
    return pairs[pairs["left"] < pairs["right"]].sort_values(["left", "right"], ignore_index=True)


def require_same_metres(left: gpd.GeoDataFrame | gpd.GeoSeries, right: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """Refuse two inputs that are not in one projected CRS; a side without a CRS is taken for right.

    Raises
    ------
    NotProjectedError
        Where one is in degrees.
    CrsMismatchError
        Where they differ.
    """
    require_metres(left)
    require_metres(right)
    if left.crs is not None and right.crs is not None and left.crs != right.crs:
        raise CrsMismatchError(left.crs, right.crs)


def _shares(children: Geometries, parents: Geometries) -> NDArray[np.float64]:
    """Return which share of each child lies in the parent beside it; 1 for a point that it holds."""
    whole = shapely.area(children)
    shares = np.ones(len(children))
    partly = (whole > 0) & ~shapely.covers(parents, children)
    common = shapely.area(shapely.intersection(children[partly], parents[partly]))
    shares[partly] = common / whole[partly]
    return shares
