"""One import under way: which column is which field, the rows that are still in, and what was found of them."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import Problem
from geo.schema import Layer
from services.i18n import Param
from services.imports.check.code_faults import KnownCodes
from services.imports.check.models import without_persons
from services.imports.check.shape_texts import is_shape_text
from services.imports.findings import Finding, Treatment
from services.imports.options import Options, StoredData
from services.imports.read.table import RawTable
from services.rules.headers import HeaderMapping, further_headers, match_headers, numbered_headers


class CheckedRows:
    """The rows of one file on their way to be staged: which are still in, their values, and what was found of them.

    The steps of ``stage_table`` fill it one after the other. What is derived from the store is built once, when a step
    first asks for it.
    """

    def __init__(self, table: RawTable, layer: Layer, stored_data: StoredData, mapping: HeaderMapping) -> None:
        self.table, self.layer, self.stored, self.mapping = table, layer, stored_data, mapping
        self.masks: dict[str, dict[int, str]] = {}
        """Field → place of the row → the mask that stands there."""
        self.kept: dict[str, set[int]] = {}
        """Field → places of the rows whose stored value stays."""
        self.outlines_kept = 0
        self.parts = 0
        self.rows_far = 0
        self.rows: list[int] = table.rows.tolist()
        self.accepted: NDArray[np.bool_] = np.ones(len(self.rows), dtype=bool)
        self.findings: list[Finding] = []
        self.frame = pd.DataFrame(index=range(len(self.rows)))
        self.parents: list[str | None] = [None] * len(self.rows)
        self.codes: Sequence[str | None] = ()
        self.place_of = {row: place for place, row in enumerate(self.rows)}
        self.add(Finding(without_persons(p, self.layer), Treatment.REJECTED) for p in table.problems)
        self.add(Finding(without_persons(p, self.layer), Treatment.NOTED) for p in table.notes)

    @cached_property
    def before(self) -> pd.DataFrame:
        """What is stored of the layer, indexed by ``code``."""
        return self.stored.layer(self.layer)

    @cached_property
    def stored_codes(self) -> Set[str]:
        """The codes of the layer that are stored."""
        return frozenset(map(str, self.before.index.tolist()))

    @cached_property
    def known_codes(self) -> KnownCodes:
        """The same, found by the forms in which they come back."""
        return KnownCodes(self.stored_codes)

    @property
    def accepted_places(self) -> list[int]:
        """The places of the rows that are still in."""
        return np.flatnonzero(self.accepted).tolist()

    def header(self, *fields: str) -> str:
        """Return the header of the first of these fields that the file has, empty where it has none."""
        return next((self.mapping.columns[field] for field in fields if field in self.mapping.columns), "")

    def column(self, field: str) -> pd.Series:
        """Return ``(n,)`` values of a field, all None where the file lacks it."""
        if field in self.frame.columns:
            return self.frame[field]
        return self.as_column([None] * len(self.rows))

    def as_column(self, values: Sequence[Any]) -> pd.Series:
        """Return ``(n,)`` values as a column of the frame."""
        return pd.Series(values, index=self.frame.index, dtype=object)

    def accepted_only(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return ``(n,)`` shapes with None in place of those whose row is refused."""
        kept = shapes.copy()
        kept[~self.accepted] = None
        return kept

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings in; a row that one of them rejects is out."""
        for finding in findings:
            self.findings.append(finding)
            if finding.action is Treatment.REJECTED:
                self.accepted[self.place_of[finding.problem.row]] = False

    def note(self, code: str, header: str = "", /, **params: Param) -> None:
        """Note something of the whole file, or of a column."""
        self.add([Finding(Problem(0, header, code, params=params), Treatment.NOTED)])

    def note_row(self, place: int, code: str, header: str = "", value: str = "", /, **params: Param) -> None:
        """Note something of the row at a place."""
        self.add([Finding(Problem(self.rows[place], header, code, value, params), Treatment.NOTED)])

    def reject(self, place: int, code: str, header: str = "", value: str = "", /, **params: Param) -> None:
        """Reject the row at a place."""
        self.add([Finding(Problem(self.rows[place], header, code, value, params), Treatment.REJECTED)])

    def reject_where(self, condition: Any, field: str, code: str) -> None:
        """Reject the accepted rows for which an ``(n,)`` condition holds."""
        for place in np.flatnonzero(np.asarray(condition, dtype=bool) & self.accepted).tolist():
            self.reject(place, code, self.header(field))

    def keep(self, field: str, places: Iterable[int]) -> None:
        """Have the stored value of a field stay in the rows at these places."""
        self.kept.setdefault(field, set()).update(places)


def start_draft(table: RawTable, layer: Layer, options: Options, stored_data: StoredData) -> CheckedRows:
    """Return the rows of a file, all of them still in, with the columns as they are understood.

    Which column is which field is told by known words, what users corrected before, and what this one says.
    """
    mapping = match_headers(table.headers, layer)
    headers = set(table.headers)
    for chosen in (stored_data.remembered, options.columns):
        mapping = mapping.corrected({f: h for f, h in chosen.items() if not h or h in headers})
    mapping = _with_shape_texts(table, mapping)
    table, mapping = _fill_up(table, mapping, layer)
    return CheckedRows(table, layer, stored_data, mapping)


def _with_shape_texts(table: RawTable, mapping: HeaderMapping) -> HeaderMapping:
    """Return a mapping in which a column of positions that holds shapes as texts is taken for one of shapes.

    The columns in which the texts of shapes go on count as used.
    """
    positions = mapping.columns.get("lonlat")
    if positions is not None and "wkt" not in mapping.columns:
        cells = table.frame[positions]
        first = next((cell for cell in cells if isinstance(cell, str)), "")
        if is_shape_text(first):
            mapping = mapping.corrected({"lonlat": None, "wkt": positions})
    if "wkt" not in mapping.columns:
        return mapping
    further = numbered_headers(table.headers, mapping.columns["wkt"])
    return replace(mapping, unused=tuple(header for header in mapping.unused if header not in further))


def _fill_up(table: RawTable, mapping: HeaderMapping, layer: Layer) -> tuple[RawTable, HeaderMapping]:
    """Return a table in which a column that is empty in a row has what a further column of its field says there.

    Of each such column a note tells how many values it gave. It counts as used from then on.
    """
    frame, notes, used = table.frame, list(table.notes), []
    for field, headers in further_headers(mapping, layer).items():
        first = mapping.columns[field]
        for header in headers:
            cells, others = frame[first].tolist(), frame[header].tolist()
            filled = [other if cell is None else cell for cell, other in zip(cells, others, strict=True)]
            count = cells.count(None) - filled.count(None)
            if count:
                frame = frame.assign(**{first: pd.Series(filled, index=frame.index, dtype=object)})
                notes.append(Problem(0, header, "second_column", params={"count": count, "header": first}))
                used.append(header)
    unused = tuple(header for header in mapping.unused if header not in used)
    return replace(table, frame=frame, notes=tuple(notes)), replace(mapping, unused=unused)
