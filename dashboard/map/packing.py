"""Zones as one compressed binary: integers for geometry, JSON for names. ``core.js`` reads what is written here."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

MAGIC: Final = 0x474D5A31
SCALE: Final = 1_000_000
"""Coordinates are kept to a millionth of a degree: 11 cm, less than a pixel at any zoom."""

OUTER_OR_HOLE: Final = 0
LINE: Final = 1
POINT: Final = 2
_POLYGON_TYPES: Final = (3, 6)
_POINT_TYPES: Final = (0, 4)


@dataclass(frozen=True, slots=True)
class PackedLayer:
    """A layer ready to be sent: its bytes (gzip) and a token that changes with them."""

    token: str
    body: bytes
    count: int


_LEVEL_WORDS: Final = frozenset({"", "社区", "村", "街道", "镇", "网格", "小区"})


def pack(frame: gpd.GeoDataFrame, labels: list[str] | None = None) -> PackedLayer:
    """Return the binary of a layer.

    All numbers are little-endian int32: magic, features n, rings r, coordinates c, longitude and latitude of the
    origin; first ring of each feature (n + 1); kind of each ring (r); first coordinate of each ring (r + 1); an inner
    point of each feature (2n) and all coordinates (2c), both as differences to the one before. Then JSON in UTF-8
    with ``codes``, ``names``, ``labels`` and ``kinds``, each of length n.

    Parameters
    ----------
    frame
        Indexed by ``code``, longitude and latitude; polygons with holes, several parts, lines or points. A null or
        empty geometry has no ring.
    labels
        Short names for the map, by default the names.
    """
    geometry = frame.geometry.to_numpy()
    parts, feature_of_part = shapely.get_parts(geometry, return_index=True)
    rings, feature_of_ring, kind = _rings(parts, feature_of_part)
    xy, ring_of_coord = shapely.get_coordinates(rings, return_index=True)
    fixed = np.rint(xy * SCALE).astype(np.int64)
    anchors = _anchors(geometry)
    origin = fixed.min(axis=0) if len(fixed) else np.zeros(2, dtype=np.int64)
    head = np.array([MAGIC, len(frame), len(rings), len(fixed), *origin])
    numbers = np.concatenate(
        [
            head,
            _starts(feature_of_ring, len(frame)),
            kind,
            _starts(ring_of_coord, len(rings)),
            _deltas(anchors, origin),
            _deltas(fixed, origin),
        ]
    ).astype("<i4")
    names = frame["name"].fillna("").astype(str).tolist()
    kinds = frame["kind"].fillna("").astype(str).tolist() if "kind" in frame else []
    texts = {"codes": frame.index.astype(str).tolist(), "names": names, "labels": labels or names, "kinds": kinds}
    raw = numbers.tobytes() + json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()
    token = hashlib.sha256(raw).hexdigest()[:16]
    return PackedLayer(token, gzip.compress(raw, 6, mtime=0), len(frame))


def short_labels(frame: pd.DataFrame, parents: pd.DataFrame | None) -> list[str]:
    """Return the names without the name of the parent in front: 雅瑶社区第三网格 in 雅瑶社区 is 第三网格.

    What says only which level it is (花山镇社区 in 花山镇) is left whole.
    """
    names = frame["name"].fillna("").astype(str)
    if parents is None or "parent_code" not in frame:
        return list(names)
    above = frame["parent_code"].map(parents["name"]).fillna("").astype(str)
    return [
        n[len(p) :] if p and n.startswith(p) and n[len(p) :] not in _LEVEL_WORDS else n
        for n, p in zip(names, above, strict=True)
    ]


def _rings(parts: NDArray[np.object_], feature: NDArray[np.int64]) -> tuple[NDArray[Any], ...]:
    """Return every ring, line and point, its feature and its kind, in the order of features."""
    nested, outer = shapely.get_parts(parts, return_index=True)
    feature = feature[outer]
    types = shapely.get_type_id(nested)
    polygons = np.isin(types, _POLYGON_TYPES)
    rings, of_polygon = shapely.get_rings(nested[polygons], return_index=True)
    kinds = np.where(np.isin(types[~polygons], _POINT_TYPES), POINT, LINE)
    everything = np.concatenate([rings, nested[~polygons]])
    features = np.concatenate([feature[polygons][of_polygon], feature[~polygons]])
    kind = np.concatenate([np.full(len(rings), OUTER_OR_HOLE), kinds])
    order = np.argsort(features, kind="stable")
    return everything[order], features[order], kind[order]


def _starts(owner: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Return where the rows of each owner begin (count + 1 numbers); owners are sorted."""
    return np.searchsorted(owner, np.arange(count + 1))


def _deltas(xy: NDArray[np.int64], origin: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.diff(xy, axis=0, prepend=origin[None, :]).ravel()


def _anchors(geometry: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return a point inside each shape, where its name stands; nothing has its name at 0, 0."""
    xy = np.zeros((len(geometry), 2))
    inside = shapely.point_on_surface(geometry)
    there = ~(shapely.is_missing(inside) | shapely.is_empty(inside))
    xy[there] = shapely.get_coordinates(inside[there])
    return np.rint(xy * SCALE).astype(np.int64)
