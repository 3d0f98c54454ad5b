"""One import under way: the rows that are still in, and what was found of them."""

from collections.abc import Iterable, Sequence, Set
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import Problem
from geo.schema import Layer
from services.imports.check.code_faults import KnownCodes
from services.imports.check.masks import Cells
from services.imports.check.persons import KnownPersons, known_persons
from services.imports.check.rows import without_persons
from services.imports.findings import Finding, Treatment
from services.imports.options import StoredData
from services.imports.read.table import RawTable
from services.rules.headers import HeaderMapping


class CheckedRows:
    """The rows of one file on their way to be staged: which are still in, their values, and what was found of them.

    The steps of ``stage_table`` fill it one after the other. What is derived from the store is built once, when a step
    first asks for it.
    """

    def __init__(self, table: RawTable, layer: Layer, stored_data: StoredData, mapping: HeaderMapping) -> None:
        self.table, self.layer, self.stored, self.mapping = table, layer, stored_data, mapping
        self.masks: Cells = {}
        self.kept: dict[str, set[int]] = {}
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
    def stored_codes(self) -> Set[str]:
        """The codes of the layer that are stored."""
        return frozenset(map(str, self.stored.layer(self.layer).index.tolist()))

    @cached_property
    def known_codes(self) -> KnownCodes:
        """The same, found by the forms in which they come back."""
        return KnownCodes(self.stored_codes)

    @cached_property
    def known_persons(self) -> KnownPersons:
        """The stored members."""
        return known_persons(self.stored)

    def header(self, field: str) -> str:
        """Return the header of a field, empty where the file has none."""
        return self.mapping.columns.get(field, "")

    def column(self, field: str) -> pd.Series:
        """Return ``(n,)`` values of a field, all None where the file lacks it."""
        if field in self.frame.columns:
            return self.frame[field]
        return pd.Series([None] * len(self.rows), index=self.frame.index, dtype=object)

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

    def note(self, code: str, **params: str | int | float) -> None:
        """Note something of the whole file."""
        self.add([Finding(Problem(0, "", code, params=params), Treatment.NOTED)])

    def reject_where(self, condition: Any, field: str, code: str) -> None:
        """Reject the accepted rows for which an ``(n,)`` condition holds."""
        places = np.flatnonzero(np.asarray(condition, dtype=bool) & self.accepted)
        self.add(Finding(Problem(self.rows[p], self.header(field), code), Treatment.REJECTED) for p in places)
