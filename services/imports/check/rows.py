"""Every row of a table through the model of its layer, every fault a finding with row, column, code and value.

A fault in an essential field costs the row; any other costs only the value, and both are listed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import ValidationError

from geo.errors import Problem
from geo.schema import Layer
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS
from services.imports.check.models import ESSENTIAL, MODELS, ReadContext, RowModel
from services.imports.check.values import show
from services.imports.findings import Finding, Treatment
from services.imports.read.table import RawTable
from services.rules.headers import HeaderMapping
from services.rules.people import mask_identity, mask_name, mask_phone, mask_text
from services.rules.privacy import hide_numbers

_PERSONAL: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.PHONE: mask_phone,
    Kind.IDENTITY: mask_identity,
    Kind.ADDRESS: mask_text,
    Kind.HOME: mask_text,
    Kind.PERSON: mask_name,
    Kind.PERSON_NAME: mask_name,
}
"""Kinds of values that are masked wherever a problem shows them."""
_SHOWN: Final = frozenset({Kind.CODE, Kind.CODES, Kind.NAME, Kind.TEXT, Kind.NOTE})
"""Kinds of values of layers about people that are shown as they are."""
_TOTAL: Final = re.compile(r"[本全]?[页表]?(?:合计|总计|小计|共计|总数|汇总|grandtotal|subtotal|total)(?:[:(].*)?")
_FOOTER: Final = re.compile(
    r"((?:填表|填报|制表|审核|审批|复核|统计|报送|上报)(?:人|单位|日期|时间)?|(?:单位)?负责人(?:签[字名章])?|备注|说明|注):.*"
)
"""What stands at the foot of a table: who filled it in and when, remarks."""
_LEADING: Final = 3
"""Columns in which a row of totals or a foot begins."""
_SPACES: Final = re.compile(r"\s+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
ClosingRow = tuple[str, str, str]
"""Column, code and word of a row that is no record."""
CHUNK: Final = 5_000
"""Rows between two looks at the cancel button."""


@dataclass(frozen=True, slots=True)
class RowValues:
    """The rows of a table as values."""

    frame: pd.DataFrame
    """One column a stated field, dtype object, None for null; the index is that of the raw table."""
    accepted: NDArray[np.bool_]
    findings: tuple[Finding, ...]


def read_rows(
    table: RawTable,
    mapping: HeaderMapping,
    layer: Layer,
    *,
    salt: bytes,
    stored_data: Set[str] = frozenset(),
    first: int = 0,
    last: int | None = None,
) -> RowValues:
    """Return the rows ``first`` to ``last`` (exclusive) of a table as values of the fields of a layer.

    Parameters
    ----------
    table
        As it was read.
    mapping
        Which header is which field; headers it lacks are passed over.
    layer
        What the rows are to become.
    salt
        The key of the store, for identity hashes.
    stored_data
        Codes of the layer that are stored.
    first, last
        Places of rows, so that a long table can be read in pieces.
    """
    model = MODELS[layer]
    columns = {f: h for f, h in mapping.columns.items() if f in model.model_fields and h in table.frame.columns}
    part = table.frame.iloc[first:last]
    cells = [part[header].tolist() for header in columns.values()]
    reader = _Reader(model, columns, layer, ReadContext(salt, [], stored_data))
    records = [
        reader.read(int(row), dict(zip(columns, stated, strict=True)), closing)
        for row, closing, stated in zip(
            table.rows[first:last],
            _closings(table, part),
            zip(*cells, strict=True) if cells else [()] * len(part),
            strict=True,
        )
    ]
    frame = pd.DataFrame(
        {name: pd.Series([r[name] if r else None for r in records], dtype=object) for name in columns},
        dtype=object,
    ).set_axis(part.index)
    accepted = np.array([r is not None for r in records], dtype=bool)
    return RowValues(frame, accepted, tuple(reader.findings))


def masked(field: str, value: str, layer: Layer) -> str:
    """Return a value of a field as a problem may show it."""
    spec = LAYERS[layer]
    known = spec.field(field)
    if known and (mask := _PERSONAL.get(known.kind)):
        return mask(value)
    # Columns get shifted: a name or an address may stand where a number was expected.
    is_out_of_place = spec.is_of_people and not (known and known.kind in _SHOWN)
    return mask_text(value) if is_out_of_place and _HAN.search(value) else hide_numbers(value)


def without_persons(problem: Problem, layer: Layer) -> Problem:
    """Return a problem with a place (a coordinate, a shape) without what may tell of a person."""
    return replace(problem, value=masked("place", problem.value, layer))


def _closings(table: RawTable, part: pd.DataFrame) -> list[ClosingRow | None]:
    """Return column, code and word for every row of a spreadsheet that begins as totals or the foot of a table do."""
    if table.source.header_row is None:
        return [None] * len(part)
    leading = list(part.columns[:_LEADING])
    rows = zip(*(part[header].tolist() for header in leading), strict=True)
    return [_closing(leading, cells) for cells in rows]


def _closing(headers: Sequence[str], cells: Sequence[object]) -> ClosingRow | None:
    header, cell = next(((h, c) for h, c in zip(headers, cells, strict=True) if c is not None), ("", None))
    if not isinstance(cell, str):
        return None
    word = _SPACES.sub("", unicodedata.normalize("NFKC", cell)).lower()
    if _TOTAL.fullmatch(word):
        return header, "total_row", show(cell)
    foot = _FOOTER.fullmatch(word)
    return (header, "footer_row", foot[1]) if foot else None


class _Reader:
    """Reads row after row and gathers what it finds."""

    def __init__(self, model: type[RowModel], columns: Mapping[str, str], layer: Layer, reading: ReadContext) -> None:
        self._validate = model.__pydantic_validator__.validate_python
        self._columns, self._layer, self._reading = columns, layer, reading
        self.findings: list[Finding] = []

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
        self.findings.append(Finding(Problem(row, self._columns.get(field, ""), code, shown), action))


def _is_total(found: Mapping[str, Any]) -> bool:
    stated = (str(found[field]) for field in ("code", "name") if found.get(field))
    return any(_TOTAL.fullmatch(_SPACES.sub("", unicodedata.normalize("NFKC", text)).lower()) for text in stated)
