"""The report of an import as JSON (DESIGN §12): what was read, taken, mended, and refused."""

from typing import Any, Final

from services.i18n import text, translate
from services.imports.findings import Action, Finding
from services.imports.messages import message_of
from services.imports.staging import Staged

TOLERANCE_M2: Final = 1.0


def make_report(staged: Staged) -> dict[str, Any]:
    """Return the report of a staged import; messages are in the current language.

    ``rows_read = rows_accepted + rows_rejected``. ``problems`` holds what cost a row (``action`` ``rejected``) or a
    value (``left_out``), ``notes`` what the user should know besides. Rows are numbered as in the file; 0 is the file
    as a whole.
    """
    faults = [f for f in staged.findings if f.action is not Action.NOTED]
    notes = [f for f in staged.findings if f.action is Action.NOTED]
    return {
        "layer": staged.layer.value,
        "file": staged.file_name,
        "rows_read": staged.rows_read,
        "rows_accepted": staged.rows_accepted,
        "rows_rejected": staged.rows_rejected,
        "datum": _datum(staged),
        "repaired": [
            {"row": r.row, "name": r.name, "what": r.what, "area_change_m2": round(r.area_change_m2, 3)}
            for r in staged.repairs
        ],
        "topology": _topology(staged),
        "problems": [_entry(f) for f in faults],
        "notes": [_entry(f) for f in notes],
        "swap_explains": staged.swap_explains,
        "columns": dict(staged.mapping.columns),
        "unused_columns": list(staged.mapping.unused),
        "source": _source(staged),
    }


def _entry(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "value": problem.value,
        "message": message_of(problem),
        "action": finding.action.value,
    }


def _datum(staged: Staged) -> dict[str, Any]:
    use = staged.datum
    return {
        "used": use.used.value if use.used else None,
        "how": use.how.value if use.how else None,
        "margin": None if use.margin is None else round(use.margin, 4),
        "scores": {d.value: round(s, 4) for d, s in (use.scores or {}).items()},
        "settled": use.is_settled,
    }


def _topology(staged: Staged) -> dict[str, Any]:
    found = staged.topology
    return {
        "tolerance_m2": found.tolerance_m2 if found else TOLERANCE_M2,
        "overlaps": len(found.overlaps) if found else 0,
        "overlap_area_m2": round(found.overlap_area_m2, 1) if found else 0.0,
        "gaps": len(found.gaps) if found else 0,
        "gap_area_m2": round(found.gap_area_m2, 1) if found else 0.0,
    }


def _source(staged: Staged) -> dict[str, Any]:
    source = staged.source
    return {
        "format": source.format,
        "encoding": source.encoding,
        "sheet": source.sheet,
        "layer": source.layer,
        "header_row": source.header_row,
        "choices": list(source.choices),
    }


def action_text(action: Action) -> str:
    """Return what was done about a fault, in the current language."""
    return translate(_ACTIONS[action])


_ACTIONS: Final = {
    Action.REJECTED: text("The row was not taken"),
    Action.LEFT_OUT: text("The value was left out"),
    Action.NOTED: text("For your information"),
}
