"""What rows say of other layers (所属社区, 工作单位), turned into codes; parents found by place where unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import project, projected_crs
from geo.errors import Problem
from geo.schema import STORED_CRS, Layer
from geo.zones import parents_by_location
from services.catalog.layers import LAYERS
from services.imports.check.code_faults import MOST_NAMED
from services.imports.check.references import Directory
from services.imports.findings import Finding, Treatment
from services.imports.options import StoredData

LINKS: Final[Mapping[Layer, Mapping[str, Layer]]] = {layer: spec.links for layer, spec in LAYERS.items() if spec.links}
"""Columns that name rows of another layer."""
_CODES: Final = {Layer.UNITS: "unknown_unit", Layer.COMMUNITIES: "unknown_community"}
_MIN_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class LinkResult:
    """One column of references after it was looked up."""

    codes: tuple[str | None, ...]
    findings: tuple[Finding, ...]


def link_column(
    cells: Sequence[str | None], rows: Sequence[int], field: str, header: str, layer: Layer, stored_data: StoredData
) -> LinkResult:
    """Return the codes that a column names.

    An unknown parent costs the row, any other unknown name only the value; the finding names the nearest known name, or
    says that several have this one.
    Where nothing of the other layer is stored yet, what is stated is kept as it is (``kept_as_stated``, noted once):
    codes made from names later on are the same names.

    Parameters
    ----------
    cells
        ``(n,)`` codes or names, several joined by ``;`` in ``community_codes``.
    rows
        ``(n,)`` row numbers.
    field, header
        The column, for us and for the user.
    layer
        What the rows are to become.
    stored_data
        What is stored.
    """
    target = LINKS[layer][field]
    directory = Directory(stored_data.layer(target)["name"])
    if not len(directory):
        noted = Finding(Problem(0, header, "kept_as_stated", params={"layer": target.value}), Treatment.NOTED)
        return LinkResult(tuple(cells), (noted,) if any(cells) else ())
    code = "unknown_parent" if field == "parent_code" else _CODES[target]
    action = Treatment.REJECTED if field == "parent_code" else Treatment.LEFT_OUT
    known = {text: _look_up(text, directory) for text in {s for s in cells if s}}
    findings = []
    for row, text in zip(rows, cells, strict=True):
        for unknown, count in known[text].unknown if text else ():
            lost = directory.spoiled(unknown)
            if lost:
                problem = Problem(row, header, "end_lost", unknown[:40], {"whole": "、".join(lost[:MOST_NAMED])})
            elif count:
                problem = Problem(row, header, "several_of_name", unknown[:40], {"count": count})
            else:
                problem = Problem(row, header, code, unknown[:40], {"nearest": directory.nearest_name(unknown)})
            findings.append(Finding(problem, action))
    return LinkResult(tuple(known[s].codes if s else None for s in cells), tuple(findings))


@dataclass(frozen=True, slots=True)
class _Found:
    codes: str | None
    unknown: tuple[tuple[str, int], ...]
    """Parts that name nothing, or more than one thing, and how many."""


def _look_up(stated: str, directory: Directory) -> _Found:
    parts = {part: directory.find(part) for part in stated.split(";")}
    codes = ";".join(dict.fromkeys(found.code for found in parts.values() if found.code))
    return _Found(codes or None, tuple((p, len(found.candidates)) for p, found in parts.items() if found.code is None))


def parents_by_place(
    parents: Sequence[str | None],
    geometry: NDArray[np.object_],
    rows: Sequence[int],
    accepted: NDArray[np.bool_],
    zones: gpd.GeoSeries,
) -> LinkResult:
    """Return the parents with those that nobody stated found by place.

    Parameters
    ----------
    parents
        ``(n,)`` codes, None where nothing was stated.
    geometry
        ``(n,)`` shapes in WGS-84 degrees, None where there are none.
    rows, accepted
        ``(n,)`` row numbers, and which rows are still in.
    zones
        The stored zones of the level above.
    """
    unsaid = np.array([parent is None for parent in parents], dtype=bool)
    wanted = np.flatnonzero(unsaid & accepted & ~shapely.is_missing(geometry))
    if not len(wanted) or not len(zones):
        return LinkResult(tuple(parents), ())
    crs = projected_crs(zones)
    children = project(gpd.GeoSeries(geometry[wanted], index=wanted, crs=STORED_CRS), crs)
    found = parents_by_location(children, project(zones, crs))
    filled: list[Any] = list(parents)
    findings = []
    for place, code, share in zip(wanted.tolist(), found["parent_code"], found["share"], strict=True):
        filled[place] = None if pd.isna(code) else str(code)
        if filled[place] is None or share < _MIN_SHARE:
            kind = "parent_not_found" if filled[place] is None else "parent_doubtful"
            problem = Problem(rows[place], "", kind, filled[place] or "", {"percent": round(float(share) * 100)})
            findings.append(Finding(problem, Treatment.NOTED))
    return LinkResult(tuple(filled), tuple(findings))
