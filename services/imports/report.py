"""The report of an import as JSON (DESIGN §12): what was read, taken, mended, and refused."""

from dataclasses import asdict
from typing import Any, Final

from geo.errors import Problem
from geo.repair import Repair
from geo.topology import Topology
from services.i18n import Param, Text, text, translate
from services.imports.findings import Finding, Treatment
from services.imports.messages import message_of
from services.imports.staged_import import StagedImport

TOLERANCE_M2: Final = 1.0
_MOST_HEADERS: Final = 12


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


def action_text(action: Treatment) -> str:
    """Return what was done about a fault, in the current language."""
    return translate(_ACTIONS[action])


_ACTIONS: Final = {
    Treatment.REJECTED: text("The row was not taken"),
    Treatment.LEFT_OUT: text("The value was left out"),
    Treatment.KEPT: text("The value was not taken; what is stored stays"),
    Treatment.NOTED: text("For your information"),
}
