"""In which datum the places of a file are: as given, as declared, or as guessed against what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import project, projected_crs
from geo.datum import convert_geometries
from geo.errors import NoCoordinatesError
from geo.guess import CANDIDATES, CLEAR_MARGIN, DatumGuess, guess_datum, guess_datum_by_zone
from geo.schema import STORED_CRS, ZONE_LAYERS, Datum, Layer
from services.catalog.layers import LAYERS
from services.imports.check.draft import CheckedRows
from services.imports.check.locations import Locations
from services.imports.options import Options

_MIN_COVERED: Final = 0.5
"""Share of a stored zone that the file must cover to be part of the outline."""
_SAMPLE: Final = 5_000
"""Points that are enough for a guess."""
DATUM_NAMES: Final = {
    Datum.WGS84: "WGS-84",
    Datum.CGCS2000: "CGCS2000",
    Datum.GCJ02: "GCJ-02",
    Datum.BD09: "BD-09",
}
"""These are names, the same in every language."""


class DatumSource(StrEnum):
    """How the datum became known."""

    GIVEN = "given"
    DECLARED = "declared"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class DatumUse:
    """The datum that an import uses and how sure that is."""

    datum: Datum | None
    """None where the file has no places."""
    how: DatumSource | None
    margin: float | None = None
    """How far the best datum is ahead of the next one (0 to 1); None where nothing could be compared."""
    scores: Mapping[Datum, float] | None = None
    is_settled: bool = True
    """False where the datum must be asked for before anything is written: WGS-84 is only assumed."""
    agrees_better: Datum | None = None
    """Another datum that clearly agrees better with what is stored than the one given or declared."""


def choose_datum(draft: CheckedRows, places: Locations, options: Options) -> DatumUse:
    """Return the datum of the places of a file; note where it is assumed, or another agrees better with the store.

    What the user gives comes before what the file declares, that before a guess. A guess needs zones in the store and a
    margin of ``CLEAR_MARGIN``; without them WGS-84 is assumed and ``is_settled`` is False.
    """
    use = _settle(draft, draft.accepted_only(places.checked.geometry), options.datum, places.way.datum)
    if not use.is_settled:
        draft.note("datum_assumed")
    if use.agrees_better is not None:
        draft.note("datum_doubtful", better=DATUM_NAMES[use.agrees_better])
    return use


def shapes_in_wgs84(draft: CheckedRows, places: Locations, use: DatumUse) -> NDArray[np.object_]:
    """Return ``(n,)`` shapes in WGS-84 degrees, None where a row has none or is refused."""
    shapes = draft.accepted_only(places.checked.geometry)
    if use.datum is None or use.datum in {Datum.WGS84, Datum.CGCS2000}:
        return shapes
    return convert_geometries(shapes, use.datum, Datum.WGS84)


def _settle(
    draft: CheckedRows, shapes: NDArray[np.object_], chosen_datum: Datum | None, file_datum: Datum | None
) -> DatumUse:
    if shapely.is_missing(shapes).all():
        return DatumUse(chosen_datum, DatumSource.GIVEN if chosen_datum else None)
    guess = _guess(draft, shapes)
    margin, scores = (guess.margin, guess.scores) if guess else (None, None)
    named = chosen_datum or file_datum
    if named is not None:
        how = DatumSource.GIVEN if chosen_datum else DatumSource.DECLARED
        better = guess.datum if guess and _contradicts(guess, named) else None
        return DatumUse(named, how, margin, scores, agrees_better=better)
    if guess is not None and guess.is_clear:
        return DatumUse(guess.datum, DatumSource.GUESSED, margin, scores)
    return DatumUse(Datum.WGS84, DatumSource.GUESSED, margin, scores, is_settled=False)


def _contradicts(guess: DatumGuess, named: Datum) -> bool:
    same = Datum.WGS84 if named is Datum.CGCS2000 else named
    return guess.scores[guess.datum] - guess.scores[same] >= CLEAR_MARGIN


def _guess(draft: CheckedRows, shapes: NDArray[np.object_]) -> DatumGuess | None:
    """Return the clearest guess there is: by stated parents, then by the outlines of the levels above."""
    guesses = []
    spec = LAYERS[draft.layer]
    field = spec.home or "parent_code"
    if field in spec.links:
        guesses.append(_guess_by_parent(shapes, list(draft.column(field)), draft.stored.zones(spec.links[field])))
    for above in _levels_above(draft.layer):
        guesses.append(_guess_by_outline(shapes, draft.stored.zones(above)))
        if any(guess is not None and guess.is_clear for guess in guesses):
            break
    found = [guess for guess in guesses if guess is not None]
    return max(found, key=lambda guess: guess.margin) if found else None


def _levels_above(layer: Layer) -> tuple[Layer, ...]:
    """Return the levels whose zones hold the rows, the nearest first, then the level itself (imported before)."""
    if layer in ZONE_LAYERS[:-1]:
        place = ZONE_LAYERS.index(layer)
        return (*reversed(ZONE_LAYERS[:place]), layer)
    return tuple(reversed(ZONE_LAYERS[:-1]))


def _guess_by_parent(
    geometry: NDArray[np.object_], parents: Sequence[str | None], zones: gpd.GeoSeries
) -> DatumGuess | None:
    named = np.array([p is not None and p in zones.index for p in parents]) & ~shapely.is_missing(geometry)
    rows = _sample(np.flatnonzero(named))
    if not len(rows):
        return None
    points = shapely.centroid(geometry[rows])
    return guess_datum_by_zone(points, np.array(parents, dtype=object)[rows], zones)


def _guess_by_outline(geometry: NDArray[np.object_], zones: gpd.GeoSeries) -> DatumGuess | None:
    shapes = geometry[~shapely.is_missing(geometry)]
    if not len(zones):
        return None
    if (shapely.get_dimensions(shapes) == 2).any():
        shapes = np.array([shapely.union_all(shapes[shapely.get_dimensions(shapes) == 2])], dtype=object)
        zones = _covered(shapes, zones)
    else:
        shapes = shapely.centroid(shapes[_sample(np.arange(len(shapes)))])
    try:
        return guess_datum(shapes, zones.to_numpy()) if len(zones) else None
    except NoCoordinatesError:
        return None


def _covered(union: NDArray[np.object_], zones: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the zones that ``(1,)`` area, in whichever datum it is, covers for the greater part."""
    crs = projected_crs(zones)
    metres = project(zones, crs).to_numpy()
    whole = shapely.area(metres)
    covered = np.zeros(len(zones), dtype=bool)
    for datum in CANDIDATES:
        moved = gpd.GeoSeries(convert_geometries(union, datum, Datum.WGS84), crs=STORED_CRS)
        outline = shapely.make_valid(project(moved, crs).iloc[0])
        near = shapely.intersects(metres, outline)
        covered[near] |= shapely.area(shapely.intersection(metres[near], outline)) >= _MIN_COVERED * whole[near]
    return zones[covered]


def _sample(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most ``_SAMPLE`` of the rows, evenly spread."""
    return rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(int)] if len(rows) else rows
