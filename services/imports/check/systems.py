"""Shapes brought to degrees where each row may name the system its coordinates are in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Bounds
from geo.schema import Datum
from services.imports.check.projections import Projection, find_way, read_crs
from services.imports.check.shape_texts import TextShapes
from services.imports.errors import ImportFileError

_OLD_NUMBERS: Final = {900913: "EPSG:3857", 102100: "EPSG:3857"}
_SAME: Final = frozenset({Datum.WGS84, Datum.CGCS2000})
"""Datums of which the places are the same within a metre."""


@dataclass(frozen=True, slots=True)
class PlacedShapes:
    """Shapes in degrees, and how they came there."""

    shapes: NDArray[np.object_]
    """``(n,)``; None where there is no shape, or its system cannot be used."""
    way: Projection
    """That of most rows."""
    faults: Mapping[int, str] = field(default_factory=dict)
    """Place of the row → why its system cannot be used."""


def place_shapes(texts: TextShapes, words: str | None, home: Bounds | None) -> PlacedShapes:
    """Return the shapes in degrees.

    A system that the file or the user names is that of all rows; where none is named, each row is in the one that it
    names, and rows that name none are in that of most others.

    Raises
    ------
    ImportFileError
        If the coordinates cannot be brought to degrees; see ``find_way``.
    """
    systems = {} if words else _systems(texts.srids)
    if not systems:
        way = find_way(shapely.get_coordinates(texts.shapes), words, home)
        return PlacedShapes(way.shapes_to_degrees(texts.shapes), way)
    numbers = [srid for srid in texts.srids[texts.srids > 0].tolist() if systems[srid]]
    usual = Counter(numbers).most_common(1)[0][0] if numbers else 0
    srids = np.where(texts.srids == 0, usual, texts.srids)
    return _place_each(texts.shapes, srids, systems, usual, home)


def _place_each(
    shapes: NDArray[np.object_],
    srids: NDArray[np.int64],
    systems: Mapping[int, str | None],
    usual: int,
    home: Bounds | None,
) -> PlacedShapes:
    degrees, faults = np.full(len(shapes), None, dtype=object), dict[int, str]()
    main = find_way(shapely.get_coordinates(shapes[srids == usual]), systems.get(usual), home)
    notes = list(main.notes)
    for srid in np.unique(srids).tolist():
        rows = srids == srid
        words = systems.get(srid)
        if srid and words is None:
            faults |= dict.fromkeys(np.flatnonzero(rows).tolist(), "srid_unknown")
            continue
        way = main if srid == usual else find_way(shapely.get_coordinates(shapes[rows]), words, home)
        if not _is_alike(way, main):
            faults |= dict.fromkeys(np.flatnonzero(rows).tolist(), "srid_differs")
            continue
        degrees[rows] = way.shapes_to_degrees(shapes[rows])
        notes.extend(note for note in way.notes if note not in notes)
    return PlacedShapes(degrees, replace(main, notes=tuple(notes)), faults)


def _systems(srids: NDArray[np.int64]) -> Mapping[int, str | None]:
    """Return for each number that is named the words of its system; None where there is none of this number."""
    return {srid: _words(srid) for srid in np.unique(srids[srids > 0]).tolist()}


def _words(srid: int) -> str | None:
    for words in (_OLD_NUMBERS.get(srid, f"EPSG:{srid}"), f"ESRI:{srid}"):
        try:
            read_crs(words)
        except ImportFileError:
            continue
        return words
    return None


def _is_alike(way: Projection, other: Projection) -> bool:
    return way.datum == other.datum or {way.datum, other.datum} == _SAME
