"""Stored values that stay: where the file has a value that cannot be used, a mask, or nothing that counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from services.imports.changes import STATED_AS
from services.imports.findings import Finding, Treatment
from services.imports.options import BadValues

_STORED_AS: Final = {stated: kept for kept, stated in STATED_AS.items()}


def stored_name(field: str) -> str:
    """Return the column of the store that holds a field."""
    return _STORED_AS.get(field, field)


def keep_for_bad_values(
    findings: Sequence[Finding], codes: Mapping[int, str], columns: Mapping[str, str], wish: BadValues
) -> tuple[list[Finding], dict[str, set[int]]]:
    """Return the findings with those that cost no stored value marked so, and field → rows whose stored value stays.

    A name is never cleared.

    Parameters
    ----------
    findings
        All of an import.
    codes
        Row → code of the rows that are stored.
    columns
        Field → header.
    wish
        The user's word.
    """
    fields = {header: field for field, header in columns.items()}
    kept: dict[str, set[int]] = {}
    told = []
    for finding in findings:
        row, field = finding.problem.row, fields.get(finding.problem.column, "")
        stays = row in codes and (wish is BadValues.KEEP or field == "name")
        if finding.action is Treatment.LEFT_OUT and stays:
            kept.setdefault(field, set()).add(row)
            told.append(replace(finding, action=Treatment.KEPT))
        else:
            told.append(finding)
    return told, kept


def with_stored(frame: pd.DataFrame, before: pd.DataFrame, rows_by_field: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Return rows with what is stored in the fields and under the codes that are named."""
    filled = {}
    for stated, codes in rows_by_field.items():
        field = stored_name(stated)
        if field not in frame.columns or field not in before.columns:
            continue
        there = [code for code in codes if code in before.index]
        column = frame[field].astype(object).copy()
        values = before.loc[there, field].astype(object)
        column.loc[there] = values.where(values.notna(), None).to_numpy()
        filled[field] = column
    return frame.assign(**filled)
