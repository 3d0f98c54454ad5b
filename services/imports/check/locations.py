"""Where each row is: shapes of the file, a WKT column, or columns of coordinates, brought to degrees and checked."""

import math
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.arrays import Bounds
from geo.errors import Problem
from geo.schema import ZONE_LAYERS
from geo.validate import CheckedGeometry, Fault, GeometryKinds, check_geometries, check_lonlat, swap_axes
from services.catalog.layers import LAYERS
from services.imports.check.draft import CheckedRows
from services.imports.check.models import without_persons
from services.imports.check.projections import UNMOVED, Projection, find_way
from services.imports.check.shape_texts import TextShapes, read_shape_texts
from services.imports.check.systems import place_shapes
from services.imports.check.values import read_degrees, read_pair, show
from services.imports.findings import Finding, Treatment
from services.imports.options import AxisSwap, Options, StoredData
from services.imports.read.table import RawTable
from services.rules.headers import numbered_headers

_FULL_CELLS: Final = frozenset({255, 32_767})
"""Characters that a text field of a Shapefile or Access, and a cell of a spreadsheet, hold at most."""
_CURVES: Final = re.compile(r"CURVE|CIRCULARSTRING|SURFACE|\bTIN\b|TRIANGLE", re.IGNORECASE)
"""Kinds of shapes with arcs, or in space, that cannot be kept."""


@dataclass(frozen=True, slots=True)
class Locations:
    """The place of every row in longitude, latitude of a datum that may still be unknown."""

    checked: CheckedGeometry
    is_stated: bool
    """Whether the file speaks of places at all: a column in which nothing stands says nothing."""
    way: Projection = UNMOVED
    """How the coordinates became degrees."""
    swapped: int = 0
    """How many rows were swapped at the user's word."""


def place_rows(draft: CheckedRows, options: Options) -> Locations:
    """Return the places of the rows; refuse rows whose place cannot be used.

    Shapes of the file come before a WKT column, that before columns of coordinates. Rows that come right by swapping
    longitude and latitude are swapped where the user said so. A row that has a problem already gets no second one.

    Raises
    ------
    ImportFileError
        If the coordinates cannot be brought to degrees; see ``find_way``.
    """
    places = _read_places(draft, options)
    problems = tuple(p for p in places.checked.problems if draft.accepted[draft.place_of[p.row]])
    draft.add(Finding(note, Treatment.NOTED) for note in places.way.notes)
    refused = [p for p in problems if not (p.code == Fault.NULL and _is_drawn(draft, p.row))]
    draft.add(Finding(without_persons(p, draft.layer), Treatment.REJECTED) for p in refused)
    if places.swapped:
        draft.note("swapped_as_wished", count=places.swapped)
    return replace(places, checked=replace(places.checked, problems=problems))


def _is_drawn(draft: CheckedRows, row: int) -> bool:
    """Return whether the code that a row states is stored with a shape, which stays where the file has none."""
    before, code = draft.before, draft.column("code").iloc[draft.place_of[row]]
    return "geom" in before.columns and code in before.index and before.loc[code, "geom"] is not None


def _read_places(draft: CheckedRows, options: Options) -> Locations:
    table, columns, wanted = draft.table, draft.mapping.columns, LAYERS[draft.layer].shapes
    numbers = _numbers(table, columns) if table.geometry is None and "wkt" not in columns else None
    stated = options.crs or table.crs
    if numbers is not None and np.isnan(numbers).all():
        numbers = None
    if numbers is not None and GeometryKinds.POINT in wanted:
        way = find_way(numbers, stated, _home(draft.stored))
        headers = (draft.header("lon", "lonlat"), draft.header("lat", "lonlat"))
        checked, swapped = _check_swapping(
            way.to_degrees(numbers),
            lambda n: check_lonlat(n, allowed_kinds=wanted, rows=draft.rows, columns=headers),
            lambda n: n[:, ::-1],
            options.swap,
        )
        return Locations(_with_cells(checked, table), is_stated=True, way=way, swapped=swapped)
    texts, column = _shapes(table, columns, wanted)
    if texts is None or not _is_anything_stated(texts.shapes, table, columns):
        count = len(draft.rows)
        nothing = CheckedGeometry(np.full(count, None, dtype=object), np.ones(count, dtype=bool), (), ())
        return Locations(nothing, is_stated=False)
    placed = place_shapes(texts, stated, _home(draft.stored))
    names = [name or "" for name in draft.column("name")]
    checked, swapped = _check_swapping(
        placed.shapes,
        lambda s: check_geometries(s, wanted, rows=draft.rows, names=names, column=column),
        swap_axes,
        options.swap,
    )
    checked = _with_unread_shapes(_with_positions(checked, texts.shapes, draft.rows), texts, placed.faults, draft)
    return Locations(checked, is_stated=True, way=placed.way, swapped=swapped)


def _home(stored_data: StoredData) -> Bounds | None:
    """Return the bounds of the widest stored zones, in degrees."""
    zones = next((zones for layer in ZONE_LAYERS if len(zones := stored_data.zones(layer))), None)
    return None if zones is None else tuple(zones.total_bounds.tolist())


def _numbers(table: RawTable, columns: Mapping[str, str]) -> NDArray[np.float64] | None:
    """Return ``(n, 2)`` coordinates as stated, both NaN where there are none, infinite where it is no number."""
    if "lon" in columns and "lat" in columns:
        pairs = [[read_degrees(cell) for cell in table.frame[columns[f]]] for f in ("lon", "lat")]
    elif "lonlat" in columns:
        parts = [read_pair(cell) for cell in table.frame[columns["lonlat"]]]
        pairs = [[part[i] for part in parts] for i in (0, 1)]
    else:
        return None
    flat = [[np.nan if n is None else np.inf if math.isnan(n) else n for n in column] for column in pairs]
    return np.array(flat, dtype=float).T.reshape(-1, 2)


def _shapes(table: RawTable, columns: Mapping[str, str], wanted: Set[GeometryKinds]) -> tuple[TextShapes | None, str]:
    if table.geometry is not None:
        return TextShapes(table.geometry, np.zeros(len(table.geometry), dtype=np.int64)), "geometry"
    if "wkt" not in columns:
        return None, ""
    cells = wkt_cells(table.frame, columns["wkt"])
    texts = read_shape_texts(cells)
    numbers = _numbers(table, columns) if GeometryKinds.POINT in wanted else None
    if numbers is not None:
        points = ~np.isnan(numbers).all(axis=1) & np.array([cell is None for cell in cells], dtype=bool)
        texts.shapes[points] = shapely.points(numbers[points])
    return texts, columns["wkt"]


def wkt_cells(frame: pd.DataFrame, header: str) -> list[str | None]:
    """Return the texts of shapes; one too long for a cell of a spreadsheet goes on in further columns."""
    parts = (header, *numbered_headers(frame.columns, header))
    rows = zip(*(frame[part] for part in parts), strict=True)
    return ["".join(cell for cell in row if isinstance(cell, str)) or None for row in rows]


def _is_anything_stated(shapes: NDArray[np.object_], table: RawTable, columns: Mapping[str, str]) -> bool:
    cells = table.frame[columns["wkt"]] if table.geometry is None else None
    return bool((~shapely.is_missing(shapes)).any() or (cells is not None and cells.notna().any()) or table.problems)


def _check_swapping(
    data: Any, check: Callable[[Any], CheckedGeometry], swap: Callable[[Any], Any], wish: AxisSwap
) -> tuple[CheckedGeometry, int]:
    """Return the check of the data, after swapping the rows that it explains where that is wished, and how many."""
    checked = check(data)
    explained = {p.row for p in checked.problems if p.code == Fault.SWAPPED}
    if wish is AxisSwap.REPORT or not explained:
        return checked, 0
    refused = np.flatnonzero(~checked.accepted)
    rows = [place for place, p in zip(refused, checked.problems, strict=True) if p.row in explained]
    data = data.copy()
    data[rows] = swap(data[rows])
    return check(data), len(rows)


def _with_unread_shapes(
    checked: CheckedGeometry, texts: TextShapes, faults: Mapping[int, str], draft: CheckedRows
) -> CheckedGeometry:
    """Return the check with a problem for every cell of a column of shapes that is none, or whose system is not known.

    ``faults`` holds the latter: place of the row → why.
    """
    table, header = draft.table, draft.header("wkt")
    if table.geometry is not None or not header:
        return checked
    stated = table.frame[header].notna().to_numpy()
    unread = np.flatnonzero(stated & shapely.is_missing(texts.shapes)).tolist()
    cells = {place: str(table.frame[header].iloc[place]) for place in (*faults, *unread)}
    problems = [
        _shape_problem(int(table.rows[place]), header, cell, faults.get(place), int(texts.srids[place]))
        for place, cell in sorted(cells.items())
    ]
    named = {problem.row for problem in problems}
    return replace(checked, problems=(*(p for p in checked.problems if p.row not in named), *problems))


def _shape_problem(row: int, header: str, cell: str, fault: str | None, srid: int) -> Problem:
    if fault is not None:
        return Problem(row, header, fault, show(cell), {"srid": srid})
    if len(cell) in _FULL_CELLS:
        return Problem(row, header, "shape_cut", show(cell), {"count": len(cell)})
    return Problem(row, header, "curved_shape" if _CURVES.search(cell) else "bad_wkt", show(cell))


def _with_positions(checked: CheckedGeometry, shapes: NDArray[np.object_], rows: Sequence[int]) -> CheckedGeometry:
    """Return the check with the position as it stands in the file where it came to nothing in degrees."""
    lost = {row: shape for row, shape in zip(rows, shapes, strict=True) if shape is not None and not shape.is_empty}
    shown = (
        replace(p, value=" ".join(f"{n:.12g}" for n in shapely.get_coordinates(lost[p.row])[0]))
        if p.code == Fault.NOT_FINITE and p.row in lost
        else p
        for p in checked.problems
    )
    return replace(checked, problems=tuple(shown))


def _with_cells(checked: CheckedGeometry, table: RawTable) -> CheckedGeometry:
    """Return problems that show the cell as it stands in the file; half a place is a problem of its own."""
    places = dict(zip(table.rows.tolist(), range(len(table.rows)), strict=True))
    shown = (
        _with_cell(p, show(table.frame[p.column].iloc[places[p.row]])) if p.column in table.frame else p
        for p in checked.problems
    )
    return replace(checked, problems=tuple(shown))


def _with_cell(problem: Problem, cell: str) -> Problem:
    is_half = problem.code == Fault.NOT_FINITE and not cell
    return replace(problem, value=cell, code="half_missing" if is_half else problem.code)
