"""An import as it was checked: what would be written, everything that was found, and the report of it."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd

from geo.errors import Problem
from geo.repair import Repair
from geo.schema import Layer
from geo.topology import Topology
from services.catalog.layers import LAYERS
from services.i18n import Param, Text, text
from services.imports.check.datums import DatumUse
from services.imports.check.stored_values import PLACE, Changes
from services.imports.findings import Finding, Treatment, message_of
from services.imports.options import StoredData
from services.imports.read.table import SourceFacts
from services.rules.headers import HeaderMapping

TOLERANCE_M2: Final = 1.0
_MOST_HEADERS: Final = 12


@dataclass(frozen=True, slots=True)
class StagedImport:
    """An import that is ready to be looked at, changed, or committed."""

    layer: Layer
    file_name: str
    file_sha256: str
    frame: pd.DataFrame
    """The accepted rows as the store takes them, indexed by ``code``; a GeoDataFrame with ``geom`` (EPSG:4326) where
    the file speaks of places. Columns that the file lacks are absent, and keep their stored values."""
    rows: pd.Series
    """The row number in the file of every accepted row, indexed by ``code``."""
    headers: tuple[str, ...]
    mapping: HeaderMapping
    source: SourceFacts
    datum: DatumUse
    findings: tuple[Finding, ...]
    """Every fault in the order of rows; faults of the whole file have row 0."""
    repairs: tuple[Repair, ...]
    topology: Topology | None
    """Overlaps and gaps between the accepted zones, in metres; None for other layers."""
    rows_read: int
    swap_explains: int
    """How many rows ``Swap.APPLY`` would put right."""
    stored_data: StoredData
    changes: Changes
    """What the accepted rows would change."""
    outlines_kept: int
    """How many stored outlines the file would have replaced by less, and did not: ``Outlines.REPLACE`` does."""
    rows_far: int
    """How many rows lie far from the zone that they name, and are refused for it: ``FarPlaces.ACCEPT`` takes them."""

    parts: int = 0
    """How many rows are further parts of a zone in another row, and go into its shape."""

    @property
    def rows_accepted(self) -> int:
        """How many rows would be written, in one with others or alone."""
        return len(self.frame) + self.parts

    @property
    def rows_rejected(self) -> int:
        """How many rows would not be written; each has a finding."""
        return self.rows_read - self.rows_accepted

    @property
    def rows_replacing(self) -> int:
        """How many of the rows that would be written are stored already and get new values."""
        return int(self.frame.index.isin(self.stored_data.layer(self.layer).index).sum())

    @property
    def is_all_stored(self) -> bool:
        """Whether every row of the file is stored already, so that a field that the file lacks is not missed."""
        return 0 < self.rows_read == self.rows_replacing + self.parts

    @property
    def is_understood(self) -> bool:
        """Whether any column tells what a row is about: a name, or the code of what is stored."""
        columns = set(self.mapping.columns)
        if LAYERS[self.layer].is_piece:
            return bool({"code", "name"} & columns) or PLACE in self.frame.columns
        refused = {f.problem.code for f in self.findings if f.action is Treatment.REJECTED}
        return "name" in columns or bool(columns & {"code", "identity"} and (len(self.frame) or refused - {"nameless"}))

    @property
    def needs_datum(self) -> bool:
        """Whether the user must say the datum before this can be committed."""
        return not self.datum.is_settled


def make_report(staged_import: StagedImport) -> dict[str, Any]:
    """Return the report of a staged import; messages are in the current language.

    ``rows_read = rows_accepted + rows_rejected``. ``problems`` holds what cost a row (``action`` ``rejected``) or a
    value (``left_out``, or ``kept`` where what is stored stays), ``notes`` what the user should know besides. Rows are
    numbered as in the file; 0 is the file as a whole. ``changes`` counts the new rows, those that stay as they are,
    those that change, and per field how many values would be replaced (``changed``), added (``filled``) or lost
    (``emptied``); ``geom`` is the place.
    """
    faults = [f for f in staged_import.findings if f.action is not Treatment.NOTED]
    notes = [f for f in staged_import.findings if f.action is Treatment.NOTED]
    return {
        "layer": staged_import.layer.value,
        "file": staged_import.file_name,
        "rows_read": staged_import.rows_read,
        "rows_accepted": staged_import.rows_accepted,
        "rows_rejected": staged_import.rows_rejected,
        "datum": _datum(staged_import),
        "repaired": [repair_entry(repair) for repair in staged_import.repairs],
        "topology": topology_entry(staged_import.topology),
        "problems": [_entry(f) for f in faults],
        "notes": [_entry(f) for f in notes],
        "swap_explains": staged_import.swap_explains,
        "changes": asdict(staged_import.changes) | {"outlines_kept": staged_import.outlines_kept},
        "columns": dict(staged_import.mapping.columns),
        "unused_columns": list(staged_import.mapping.unused),
        "source": _source(staged_import),
    }


def unknown_columns(staged_import: StagedImport) -> Text:
    """Return the one sentence about a file in which no column is understood as what its rows are called."""
    params: dict[str, Param | Text] = {"headers": "、".join(staged_import.headers[:_MOST_HEADERS]) or text("none")}
    if "code" in staged_import.mapping.columns:
        return text("No column was understood as the name, and no code of the file is stored: {headers}", **params)
    if staged_import.source.header_row is None:
        return text("No field was understood as a code or a name: {headers}", **params)
    return text(
        "No column of row {row} was understood as a code or a name: {headers}",
        row=staged_import.source.header_row,
        **params,
    )


def problem_entry(problem: Problem) -> dict[str, Any]:
    """Return a problem as reports list it, with its message in the current language."""
    place = {"row": problem.row, "column": problem.column}
    return place | {"code": problem.code, "value": problem.value, "message": message_of(problem)}


def repair_entry(repair: Repair) -> dict[str, Any]:
    """Return a repair as reports list it; the area is in m²."""
    area = round(repair.area_change_m2, 3)
    return {"row": repair.row, "name": repair.name, "what": repair.what, "area_change_m2": area}


def topology_entry(topology: Topology | None) -> dict[str, Any]:
    """Return what overlaps and what is open between zones; zeros where it was not looked at. Areas are in m²."""
    if topology is None:
        return {"tolerance_m2": TOLERANCE_M2, "overlaps": 0, "overlap_area_m2": 0.0, "gaps": 0, "gap_area_m2": 0.0}
    return {
        "tolerance_m2": topology.tolerance_m2,
        "overlaps": len(topology.overlaps),
        "overlap_area_m2": round(topology.overlap_area_m2, 1),
        "gaps": len(topology.gaps),
        "gap_area_m2": round(topology.gap_area_m2, 1),
    }


def _entry(finding: Finding) -> dict[str, Any]:
    return problem_entry(finding.problem) | {"action": finding.action.value}


def _datum(staged: StagedImport) -> dict[str, Any]:
    use = staged.datum
    return {
        "used": use.datum.value if use.datum else None,
        "how": use.how.value if use.how else None,
        "margin": None if use.margin is None else round(use.margin, 4),
        "scores": {d.value: round(s, 4) for d, s in (use.scores or {}).items()},
        "settled": use.is_settled,
    }


def _source(staged: StagedImport) -> dict[str, Any]:
    source = staged.source
    return {
        "format": source.format,
        "encoding": source.encoding,
        "sheet": source.sheet,
        "layer": source.layer,
        "header_row": source.header_row,
        "choices": list(source.choices),
    }
