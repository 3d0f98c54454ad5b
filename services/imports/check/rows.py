"""Every row of a table through the model of its layer, every fault a finding with row, column, code and value.

A fault in an essential field costs the row; any other costs only the value, and both are listed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from pydantic import ValidationError

from geo.errors import Problem
from geo.schema import Layer
from services.i18n import text
from services.imports.check.draft import CheckedRows
from services.imports.check.models import ESSENTIAL, MODELS, ReadContext, masked
from services.imports.check.stored_values import set_masks_aside
from services.imports.check.values import show
from services.imports.findings import Finding, Treatment
from services.imports.options import ProgressMonitor
from services.imports.read.table import RawTable

_TOTAL: Final = re.compile(r"[本全]?[页表]?(?:合计|总计|小计|共计|总数|汇总|grandtotal|subtotal|total)(?:[:(].*)?")
_FOOTER: Final = re.compile(
    r"((?:填表|填报|制表|审核|审批|复核|统计|报送|上报)(?:人|单位|日期|时间)?|(?:单位)?负责人(?:签[字名章])?|备注|说明|注):.*"
)
"""What stands at the foot of a table: who filled it in and when, remarks."""
_LEADING: Final = 3
"""Columns in which a row of totals or a foot begins."""
_SPACES: Final = re.compile(r"\s+")
ClosingRow = tuple[str, str, str]
"""Column, code and word of a row that is no record."""
CHUNK: Final = 5_000
"""Rows between two looks at the cancel button."""


def fill_values(draft: CheckedRows, monitor: ProgressMonitor) -> None:
    """Read every cell, masks aside; refuse rows that were cut and persons without a name.

    What stands in the frame then is one column a stated field, dtype object, None for null.
    """
    set_masks_aside(draft)
    reader = _Reader(draft)
    columns: dict[str, list[Any]] = {field: [] for field in reader.columns}
    for place, (stated, closing) in enumerate(zip(_stated(draft, reader.columns), _closings(draft.table), strict=True)):
        if place % CHUNK == 0:
            monitor.step(text("Reading the rows"), 0.1 + 0.4 * place / len(draft.rows))
        values = reader.read(draft.rows[place], stated, closing) or {}
        for field, column in columns.items():
            column.append(values.get(field))
    draft.frame = pd.DataFrame({field: draft.as_column(column) for field, column in columns.items()}, draft.frame.index)
    intact = draft.accepted.copy()
    draft.add(finding for finding in reader.findings if intact[draft.place_of[finding.problem.row]])
    _refuse_cut_rows(draft)
    if "code" in draft.frame.columns:
        draft.frame["code"] = draft.as_column([code and draft.known_codes.find(code) for code in draft.frame["code"]])
    if draft.layer is Layer.MEMBERS:
        is_masked = np.isin(np.arange(len(draft.rows)), list(draft.masks.get("name", ())))
        is_stored = draft.column("code").isin(draft.stored_codes)
        draft.reject_where(draft.column("name").isna() & ~is_masked & ~is_stored, "name", "name_missing")


def _stated(draft: CheckedRows, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield for every row what stands in the columns that are read, by field."""
    cells = [draft.table.frame[header].tolist() for header in columns.values()]
    for row in zip(*cells, strict=True) if cells else [()] * len(draft.rows):
        yield dict(zip(columns, row, strict=True))


def _refuse_cut_rows(draft: CheckedRows) -> None:
    """Refuse rows that have too few cells where one of those that they lack is of a column that is read."""
    used = set(draft.mapping.columns.values())
    for row, first in draft.table.cut_rows.items():
        place = draft.place_of[row]
        if draft.accepted[place] and used & set(draft.table.headers[first:]):
            draft.reject(place, "narrow_row", cells=first, columns=len(draft.table.headers))


def _closings(table: RawTable) -> list[ClosingRow | None]:
    """Return column, code and word for every row of a spreadsheet that begins as totals or the foot of a table do."""
    if table.source.header_row is None:
        return [None] * len(table.frame)
    leading = list(table.frame.columns[:_LEADING])
    rows = zip(*(table.frame[header].tolist() for header in leading), strict=True)
    return [_closing(leading, cells) for cells in rows]


def _closing(headers: Sequence[str], cells: Sequence[object]) -> ClosingRow | None:
    header, cell = next(((h, c) for h, c in zip(headers, cells, strict=True) if c is not None), ("", None))
    if not isinstance(cell, str):
        return None
    word = _plain(cell)
    if _TOTAL.fullmatch(word):
        return header, "total_row", show(cell)
    foot = _FOOTER.fullmatch(word)
    return (header, "footer_row", foot[1]) if foot else None


def _plain(cell: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", cell)).lower()


class _Reader:
    """Reads row after row and gathers what it finds."""

    def __init__(self, draft: CheckedRows) -> None:
        model, headers = MODELS[draft.layer], draft.table.frame.columns
        self.columns = {f: h for f, h in draft.mapping.columns.items() if f in model.model_fields and h in headers}
        self.findings: list[Finding] = []
        self._validate = model.__pydantic_validator__.validate_python
        self._layer, self._reading = draft.layer, ReadContext(draft.stored.salt, [], draft.stored_codes)

    def read(self, row: int, stated: dict[str, Any], closing: ClosingRow | None) -> dict[str, Any] | None:
        """Return the values of a row, or None where it is rejected, as what closes a table is."""
        if closing:
            self.findings.append(Finding(Problem(row, *closing), Treatment.REJECTED))
            return None
        self._reading.notes.clear()
        try:
            found: dict[str, Any] | None = vars(self._validate(stated, context=self._reading))
        except ValidationError as error:
            found = self._without_faults(row, stated, error)
        for field, code, value in self._reading.notes:
            self._add(row, field, code, value, Treatment.NOTED)
        if found is not None and _is_total(found):
            self._add(row, "name", "total_row", found.get("name") or found.get("code") or "", Treatment.REJECTED)
            return None
        return found

    def _without_faults(self, row: int, stated: dict[str, Any], error: ValidationError) -> dict[str, Any] | None:
        self._reading.notes.clear()
        faults = {str(fault["loc"][0]): str(fault["type"]) for fault in error.errors(include_url=False)}
        values = dict(self._validate(stated | dict.fromkeys(faults), context=self._reading).__dict__)
        essential = {"code"} if values.get("code") in self._reading.stored_data else ESSENTIAL
        for field, code in faults.items():
            action = Treatment.REJECTED if field in essential else Treatment.LEFT_OUT
            self._add(row, field, code, stated[field], action)
        return None if faults.keys() & essential else values

    def _add(self, row: int, field: str, code: str, value: object, action: Treatment) -> None:
        shown = masked(field, show(value), self._layer)
        self.findings.append(Finding(Problem(row, self.columns.get(field, ""), code, shown), action))


def _is_total(found: Mapping[str, Any]) -> bool:
    stated = (str(found[field]) for field in ("code", "name") if found.get(field))
    return any(_TOTAL.fullmatch(_plain(words)) for words in stated)
