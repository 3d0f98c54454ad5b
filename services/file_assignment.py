"""Points of one file onto zones of another, without a store (``gridmuster assign``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.assign import assign_lonlat
from geo.crs import project
from geo.datum import convert_geometries
from geo.errors import Problem
from geo.guess import DatumGuess, guess_datum_by_zone
from geo.repair import Repair
from geo.schema import STORED_CRS, Datum, Layer, Method
from geo.topology import Topology, check_topology
from geo.validate import WORLD, GeometryKinds, check_geometries, check_lonlat
from services.i18n import text
from services.imports.check.projections import find_way
from services.imports.errors import ImportFileError
from services.imports.read.table import RawTable
from services.imports.read.upload import Upload
from services.imports.sandbox.process import read_table
from services.imports.staged_import import problem_entry, repair_entry, topology_entry
from services.rules.headers import match_headers

ROW: Final = "row"
"""Header of the ids where the points have none: the number of the row as people see it."""
HOME_MARGIN_DEGREES: Final = 1.0
"""A point farther from all zones than this is looked at twice: swapped, or somewhere else altogether."""


@dataclass(frozen=True, slots=True)
class FileAssignmentRequest:
    """What is asked of the two files; columns that are not named are found by their headers."""

    zone_id: str = ""
    point_id: str = ""
    expect: str = ""
    """Column of the points that names the zone each should fall into."""
    points_datum: Datum = Datum.WGS84
    zones_datum: Datum = Datum.WGS84
    max_distance_m: float = 500.0
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old id of a zone to the one it has now; zones of one id count as one."""


@dataclass(frozen=True, slots=True)
class FileAssignment:
    """Where every point came to, and what had to be said about the files."""

    table: pd.DataFrame
    """One row a point in the order of the file: its id, ``zone``, ``method``, ``distance_m``, ``ambiguous``."""
    problems: tuple[Problem, ...]
    repairs: tuple[Repair, ...]
    zone_problems: tuple[Problem, ...]
    topology: Topology
    datum: Datum
    agreement: DatumGuess | None
    """Share of points that fall into the zone they name, by datum; None where nothing was expected."""

    @property
    def better_datum(self) -> Datum | None:
        """The datum that agrees clearly better than the one given, if there is one."""
        if self.agreement is None or _same(self.agreement.datum, self.datum):
            return None
        lead = self.agreement.scores[self.agreement.datum] - self.share_agreeing
        return self.agreement.datum if lead > 0 else None

    @property
    def share_agreeing(self) -> float:
        """Share of points in the zone they name, for the datum given; NaN where nothing was expected."""
        if self.agreement is None:
            return float("nan")
        return self.agreement.scores[Datum.WGS84 if _same(self.datum, Datum.WGS84) else self.datum]

    def report(self) -> dict[str, Any]:
        """Return the report in the form of DESIGN §12."""
        rejected = len(self.problems)
        report: dict[str, Any] = {
            "rows_read": len(self.table),
            "rows_accepted": len(self.table) - rejected,
            "rows_rejected": rejected,
            "datum": {"used": self.datum.value, "how": "given", "margin": None},
            "repaired": [repair_entry(repair) for repair in self.repairs],
            "topology": topology_entry(self.topology),
            "problems": [problem_entry(problem) for problem in (*self.problems, *self.zone_problems)],
            "methods": {m.value: int((self.table["method"] == m.value).sum()) for m in Method},
        }
        if self.agreement is not None:
            shares = {datum.value: share for datum, share in self.agreement.scores.items()}
            report["expected"] = {"share": self.share_agreeing, "by_datum": shares, "better": self.better_datum}
        return report


def assign_files(points: Upload, zones: Upload, question: FileAssignmentRequest) -> FileAssignment:
    """Return which zone each point belongs to.

    Raises
    ------
    ImportFileError
        If a file cannot be read, a named column is not there, or the zones hold no area.
    """
    point_table = read_table(points, Layer.MEMBERS)
    zone_table = read_table(zones, Layer.COMMUNITIES)
    expected = _column(point_table, question.expect, Layer.MEMBERS) if question.expect else None
    areas, repairs, zone_problems = _zones(zone_table, question, expected)
    shapes, problems = _points(point_table, areas, question.points_datum)
    found = assign_lonlat(shapes, areas, max_distance_m=question.max_distance_m)
    agreement = None if expected is None else _agreement(point_table, expected, areas, question)
    ids = _ids(point_table, question.point_id)
    table = found[["zone", "method", "distance_m", "ambiguous"]].set_axis(ids.index)
    table.insert(0, ids.name, ids)
    return FileAssignment(
        table, problems, repairs, zone_problems, check_topology(project(areas)), question.points_datum, agreement
    )


def _zones(
    table: RawTable, question: FileAssignmentRequest, expected: pd.Series | None
) -> tuple[gpd.GeoSeries, tuple[Repair, ...], tuple[Problem, ...]]:
    """Return the areas in WGS-84, indexed by id, one for each id.

    Raises
    ------
    ImportFileError
        If the file holds no areas.
    """
    if table.geometry is None:
        raise ImportFileError(text("The file of the zones holds no areas; give one with polygons"))
    codes = _zone_ids(table, question.zone_id, expected).replace(dict(question.renamed))
    lonlat = _in_lonlat(table, question.zones_datum)
    checked = check_geometries(
        lonlat, {GeometryKinds.AREA}, rows=[int(r) for r in table.rows], names=[str(c) for c in codes], home=WORLD
    )
    kept = checked.accepted & codes.notna().to_numpy()
    if not kept.any():
        raise ImportFileError(text("The file of the zones holds no areas; give one with polygons"))
    areas = gpd.GeoSeries(checked.geometry[kept], index=pd.Index(codes[kept], name="zone"), crs=STORED_CRS)
    if areas.index.has_duplicates:
        merged = {code: shapely.union_all(group.to_numpy()) for code, group in areas.groupby(level=0)}
        areas = gpd.GeoSeries(merged, crs=STORED_CRS).rename_axis("zone")
    return areas, checked.repairs, checked.problems


def _zone_ids(table: RawTable, named: str, expected: pd.Series | None) -> pd.Series:
    """Return the ids of the zones: the named column, or the one that says what is expected, or code, or name.

    Raises
    ------
    ImportFileError
        If no column is fit.
    """
    if named:
        return _column(table, named, Layer.COMMUNITIES)
    if expected is not None:
        wanted = set(expected.dropna())
        agreeing = {h: len(wanted & set(_texts(table.frame[h]).dropna())) for h in table.headers}
        best = max(agreeing, key=lambda header: agreeing[header], default="")
        if best and agreeing[best]:
            return _texts(table.frame[best])
    understood = match_headers(table.headers, Layer.COMMUNITIES).columns
    header = understood.get("code") or understood.get("name")
    if header is None:
        raise ImportFileError(text("Say which column holds the id of the zones (--zone-id)"))
    return _texts(table.frame[header])


def _points(table: RawTable, areas: gpd.GeoSeries, datum: Datum) -> tuple[gpd.GeoSeries, tuple[Problem, ...]]:
    """Return one point (or null) a row, in WGS-84, and the problems of the rows without one."""
    west, south, east, north = areas.total_bounds
    margin = HOME_MARGIN_DEGREES
    home = (west - margin, south - margin, east + margin, north + margin)
    rows = [int(r) for r in table.rows]
    if table.geometry is None:
        lon, lat = _lonlat_headers(table)
        numbers = _numbers(table)
        lonlat = convert_geometries(_as_points(numbers), datum, Datum.WGS84)
        checked = check_lonlat(_coordinates(lonlat, numbers), rows=rows, columns=(lon, lat), home=home)
    else:
        checked = check_geometries(_in_lonlat(table, datum), {GeometryKinds.POINT}, rows=rows, home=home)
    return gpd.GeoSeries(checked.geometry, crs=STORED_CRS), checked.problems


def _as_points(numbers: NDArray[np.float64]) -> NDArray[np.object_]:
    points = np.full(len(numbers), None, dtype=object)
    finite = np.isfinite(numbers).all(axis=1)
    points[finite] = shapely.points(numbers[finite])
    return points


def _coordinates(points: NDArray[np.object_], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the converted coordinates, and those that cannot be converted as they were."""
    lonlat = numbers.copy()
    known = ~shapely.is_missing(points)
    lonlat[known] = shapely.get_coordinates(points)
    return lonlat


def _in_lonlat(table: RawTable, datum: Datum) -> NDArray[np.object_]:
    """Return the shapes of a file in WGS-84, from the reference system it declares and the datum that was stated."""
    shapes = np.array(table.geometry, dtype=object)
    way = find_way(shapely.get_coordinates(shapes), table.crs)
    return convert_geometries(way.shapes_to_degrees(shapes), datum, Datum.WGS84)


def _lonlat_headers(table: RawTable) -> tuple[str, str]:
    understood = match_headers(table.headers, Layer.MEMBERS).columns
    if "lon" not in understood or "lat" not in understood:
        raise ImportFileError(text("No columns with longitude and latitude were found in the file of the points"))
    return understood["lon"], understood["lat"]


def _agreement(
    table: RawTable, expected: pd.Series, areas: gpd.GeoSeries, question: FileAssignmentRequest
) -> DatumGuess:
    """Return the share that falls into the zone it names, were the points in each of the datums.

    Raises
    ------
    ImportFileError
        If no point with a place names a zone of the file.
    """
    plain = gpd.GeoSeries(_raw_points(table))
    located = (plain.notna() & ~plain.is_empty).to_numpy()
    named = expected.replace(dict(question.renamed)).to_numpy(dtype=object)
    if not areas.index.isin(named[located]).any():
        raise ImportFileError(
            text(
                "No point names a zone of the file: column {column} of the points has {named}, the zones are {zones}."
                " Name the column of the zones that holds these (--zone-id), or leave --expect out",
                column=question.expect,
                named="、".join(map(str, dict.fromkeys(expected.dropna().tolist()[:3]))) or "—",
                zones="、".join(map(str, areas.index[:3])),
            )
        )
    return guess_datum_by_zone(plain[located], named[located], areas)


def _raw_points(table: RawTable) -> NDArray[np.object_]:
    if table.geometry is not None:
        return _in_lonlat(table, Datum.WGS84)
    return _as_points(_numbers(table))


def _numbers(table: RawTable) -> NDArray[np.float64]:
    """Return ``(n, 2)`` coordinates of a table in degrees, NaN where there are none."""
    stated = [pd.to_numeric(table.frame[h], errors="coerce") for h in _lonlat_headers(table)]
    numbers = np.column_stack(stated).astype(float)
    return find_way(numbers, None).to_degrees(numbers)


def _ids(table: RawTable, named: str) -> pd.Series:
    """Return the ids of the points: the named column, or the code, or the numbers of the rows."""
    header = named or match_headers(table.headers, Layer.MEMBERS).columns.get("code", "")
    if not header:
        return pd.Series(table.rows, name=ROW)
    return _column(table, header, Layer.MEMBERS)


def _column(table: RawTable, named: str, layer: Layer) -> pd.Series:
    """Return a column by its header, or by the field that its header stands for.

    Raises
    ------
    ImportFileError
        If it is not there.
    """
    header = named if named in table.headers else match_headers(table.headers, layer).columns.get(named)
    if header is None:
        raise ImportFileError(
            text("There is no column {name}; the file has: {headers}", name=named, headers="、".join(table.headers))
        )
    return _texts(table.frame[header])


def _texts(column: pd.Series) -> pd.Series:
    """Return ids as texts: 7.0 from a spreadsheet is 7, blanks at the ends go, nothing stays null."""
    cells = [None if pd.isna(v) else _id_text(v) for v in column]
    return pd.Series(cells, name=column.name, dtype=object)


def _id_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _same(left: Datum, right: Datum) -> bool:
    equal = {Datum.WGS84, Datum.CGCS2000}
    return left == right or {left, right} <= equal
