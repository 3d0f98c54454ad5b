"""What an import would put on the map, ready to be drawn: new shapes over stored ones, repairs, overlaps and gaps.

Persons are never drawn: of members the map shows how many fall into each stored grid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard.kit.field_words import PEOPLE
from dashboard.map.packing import PackedLayer, pack
from geo.crs import unproject
from geo.schema import STORED_CRS, ZONE_LAYERS, Layer
from services.i18n import _
from services.imports import StagedImport
from services.rules.small_counts import FEWEST_TOLD

HECTARE_M2: Final = 10_000.0
CLASS_LIMITS: Final = (10, 25, 50)
"""Lower limits of the second and later classes of persons in a zone."""


class PreviewRole(StrEnum):
    """What a layer of the preview stands for; ``preview.js`` draws each in its own way, in this order."""

    COUNTS = "counts"
    OUTLINE = "outline"
    BEFORE = "before"
    FRESH = "fresh"
    REPAIRED = "repaired"
    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The layers of a preview, and where on earth they are."""

    layers: Mapping[PreviewRole, PackedLayer]
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees."""


def make_preview(staged_import: StagedImport) -> ImportPreview | None:
    """Return what the map shows of a staged import, None where nothing has a place."""
    found = _people(staged_import) if staged_import.layer in PEOPLE else _shapes(staged_import)
    shown = {role: frame for role, frame in found.items() if len(frame)}
    main = next((shown[role] for role in (PreviewRole.FRESH, PreviewRole.COUNTS) if role in shown), None)
    if main is None:
        return None
    west, south, east, north = (float(edge) for edge in main.total_bounds)
    return ImportPreview({role: pack(frame) for role, frame in shown.items()}, (west, south, east, north))


def count_class(count: int) -> int:
    """Return 0 (nobody) or the class of a number of persons, 1 to 4.

    Examples
    --------
    >>> [count_class(n) for n in (0, 1, 10, 49, 50)]
    [0, 1, 2, 3, 4]
    """
    return 0 if not count else 1 + sum(count >= limit for limit in CLASS_LIMITS)


def _shapes(staged: StagedImport) -> dict[PreviewRole, gpd.GeoDataFrame]:
    if not isinstance(staged.frame, gpd.GeoDataFrame):
        return {}
    fresh = _placed(staged.frame)
    return {
        PreviewRole.OUTLINE: _outline(staged),
        PreviewRole.BEFORE: _stored(staged, staged.layer),
        PreviewRole.FRESH: fresh,
        PreviewRole.REPAIRED: _repaired(staged, fresh),
        PreviewRole.GAP: _gaps(staged),
        PreviewRole.OVERLAP: _overlaps(staged),
    }


def _people(staged: StagedImport) -> dict[PreviewRole, gpd.GeoDataFrame]:
    """Return the stored grids (else communities) with the number of new members in each."""
    levels = (Layer.GRIDS, Layer.COMMUNITIES)
    zones = next((frame for level in levels if len(frame := _stored(staged, level))), None)
    if zones is None or not isinstance(staged.frame, gpd.GeoDataFrame):
        return {}
    points = _placed(staged.frame).geometry.to_numpy()
    hit, _point = shapely.STRtree(points).query(zones.geometry.to_numpy(), predicate="intersects")
    counts = np.bincount(hit, minlength=len(zones))
    names = [f"{name}: {_count_words(int(count))}" for name, count in zip(zones["name"], counts, strict=True)]
    return {PreviewRole.COUNTS: zones.assign(name=names, kind=[str(count_class(int(count))) for count in counts])}


def _count_words(count: int) -> str:
    return (
        _("fewer than {few} persons", few=FEWEST_TOLD) if 0 < count < FEWEST_TOLD else _("{count} persons", count=count)
    )


def _outline(staged: StagedImport) -> gpd.GeoDataFrame:
    """Return the nearest wider level of which something is stored."""
    place = ZONE_LAYERS.index(staged.layer) if staged.layer in ZONE_LAYERS else len(ZONE_LAYERS) - 1
    above = (_stored(staged, level) for level in reversed(ZONE_LAYERS[:place]))
    return next((frame for frame in above if len(frame)), _nothing())


def _stored(staged: StagedImport, layer: Layer) -> gpd.GeoDataFrame:
    frame = staged.stored_data.layer(layer)
    if "geom" not in frame.columns:
        return _nothing()
    return _placed(gpd.GeoDataFrame(frame[["name", "geom"]], geometry="geom", crs=STORED_CRS))


def _repaired(staged: StagedImport, fresh: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = {repair.row for repair in staged.repairs}
    codes = [code for code, row in staged.rows.items() if row in rows and code in fresh.index]
    return fresh.loc[codes]


def _overlaps(staged: StagedImport) -> gpd.GeoDataFrame:
    if staged.topology is None or not len(staged.topology.overlaps):
        return _nothing()
    found = staged.topology.overlaps
    names = staged.frame["name"] if "name" in staged.frame.columns else pd.Series(dtype=object)
    return _marked(
        found,
        [
            _(
                "{left} and {right} overlap: {area}",
                left=_called(names, a),
                right=_called(names, b),
                area=area_words(m2),
            )
            for a, b, m2 in zip(found["left"], found["right"], found["area_m2"], strict=True)
        ],
    )


def _gaps(staged: StagedImport) -> gpd.GeoDataFrame:
    if staged.topology is None or not len(staged.topology.gaps):
        return _nothing()
    found = staged.topology.gaps
    return _marked(found, [_("Gap: {area}", area=area_words(area)) for area in found["area_m2"]])


def area_words(area_m2: float) -> str:
    """Return an area as people say it: hectares from 1,000 m² on."""
    if area_m2 >= HECTARE_M2 / 10:
        return _("{area} ha", area=f"{area_m2 / HECTARE_M2:,.2f}")
    return _("{area} m²", area=f"{area_m2:,.1f}")


def _marked(found: gpd.GeoDataFrame, names: Sequence[str]) -> gpd.GeoDataFrame:
    codes = pd.Index([str(number) for number in range(len(found))], name="code")
    degrees = unproject(found.geometry).set_axis(codes)
    return gpd.GeoDataFrame(
        {"name": pd.Series(list(names), index=codes, dtype=object), "geom": degrees}, geometry="geom"
    )


def _called(names: "pd.Series[str]", code: str) -> str:
    name = names.get(code)
    return str(name) if isinstance(name, str) and name else code


def _placed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = frame.geometry
    there = frame[~(shapes.isna() | shapes.is_empty)]
    return there if "name" in there.columns else there.assign(name="")


def _nothing() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": pd.Series(dtype=object)}, geometry=gpd.GeoSeries([], crs=STORED_CRS))
