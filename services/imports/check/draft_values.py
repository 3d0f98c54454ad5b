"""What the cells of a draft say: values read, links looked up, masks and bad values against what is stored."""

import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.schema import Layer
from services.i18n import text
from services.imports.check.draft import CheckedRows
from services.imports.check.links import LINKS, link_column
from services.imports.check.masks import set_masks_aside, settle_masks
from services.imports.check.rows import CHUNK, RowValues, read_rows
from services.imports.check.stored_values import keep_for_bad_values
from services.imports.findings import Finding, Treatment
from services.imports.options import Options, ProgressMonitor


def fill_values(draft: CheckedRows, monitor: ProgressMonitor) -> None:
    """Read every cell, masks aside; refuse rows that were cut and persons without a name."""
    parts: list[RowValues] = []
    draft.table, draft.masks = set_masks_aside(draft.table, draft.mapping, draft.layer)
    count, stored_data, salt = len(draft.rows), draft.stored_codes, draft.stored.salt
    for first in range(0, count, CHUNK):
        monitor.step(text("Reading the rows"), 0.1 + 0.4 * first / count)
        where = {"first": first, "last": min(first + CHUNK, count)}
        parts.append(read_rows(draft.table, draft.mapping, draft.layer, salt=salt, stored_data=stored_data, **where))
    draft.frame = pd.concat([part.frame for part in parts]) if parts else draft.frame
    intact = draft.accepted.copy()
    draft.add(f for part in parts for f in part.findings if intact[draft.place_of[f.problem.row]])
    _refuse_cut_rows(draft)
    if "code" in draft.frame.columns:
        codes = [code and draft.known_codes.find(code) for code in draft.frame["code"]]
        draft.frame["code"] = pd.Series(codes, index=draft.frame.index, dtype=object)
    if draft.layer is Layer.MEMBERS:
        is_masked = np.isin(np.arange(count), list(draft.masks.get("name", ())))
        is_stored = draft.column("code").isin(stored_data)
        draft.reject_where(draft.column("name").isna() & ~is_masked & ~is_stored, "name", "name_missing")


def _refuse_cut_rows(draft: CheckedRows) -> None:
    """Refuse rows that have too few cells where one of those that they lack is of a column that is read."""
    used = set(draft.mapping.columns.values())
    for row, first in draft.table.cut_rows.items():
        if draft.accepted[draft.place_of[row]] and used & set(draft.table.headers[first:]):
            params: dict[str, str | int | float] = {"cells": first, "columns": len(draft.table.headers)}
            draft.add([Finding(Problem(row, "", "narrow_row", params=params), Treatment.REJECTED)])


def link_columns(draft: CheckedRows) -> None:
    """Put codes in place of what the rows call their parents, units and communities."""
    for field in LINKS.get(draft.layer, {}):
        if field not in draft.frame.columns:
            continue
        stated = [None if not v else str(v) for v in draft.column(field)]
        linked = link_column(stated, draft.rows, field, draft.header(field), draft.layer, draft.stored)
        draft.frame[field] = pd.Series(linked.codes, index=draft.frame.index, dtype=object)
        draft.add(linked.findings)
    if "parent_code" in draft.frame.columns:
        draft.parents = list(draft.frame["parent_code"])


def keep_masked_values(draft: CheckedRows) -> None:
    """Keep what is stored where the file has a mask of it; a mask itself is never stored."""
    inside = {p: str(draft.codes[p]) for p in np.flatnonzero(draft.accepted).tolist()}
    settled = settle_masks(
        draft.masks,
        draft.frame,
        codes=inside,
        rows=draft.rows,
        mapping=draft.mapping,
        layer=draft.layer,
        before=draft.stored.layer(draft.layer),
    )
    for field, places in settled.masked_rows.items():
        draft.kept.setdefault(field, set()).update(places)
    draft.add(settled.findings)


def keep_stored_values(draft: CheckedRows, options: Options) -> None:
    """Keep what is stored where the file has no name, or a value that cannot be used and is not to be cleared."""
    stored_data = draft.stored_codes
    codes = {row: str(code) for row, code in zip(draft.rows, draft.codes, strict=True) if code in stored_data}
    draft.findings, kept = keep_for_bad_values(draft.findings, codes, draft.mapping.columns, options.bad_values)
    for field, rows in kept.items():
        draft.kept.setdefault(field, set()).update(draft.place_of[row] for row in rows)
    unnamed = np.flatnonzero(draft.column("name").isna().to_numpy() & draft.accepted).tolist()
    draft.kept.setdefault("name", set()).update(unnamed)
