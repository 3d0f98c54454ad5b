"""Stored values that stay: where the file has a mask of our own exports, a value that cannot be used, or no name.

An export says 张** for a name, 138****1234 for a telephone number, 云港花园*** for an address and <3 for a small
number. Whoever edits such a file and imports it again means the other columns.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.schema import Layer
from services.imports.changes import STATED_AS
from services.imports.check.draft import CheckedRows
from services.imports.check.models import COUNTS, ESSENTIAL
from services.imports.findings import Finding, Treatment
from services.imports.options import BadValues, Options
from services.rules.privacy import MASKS
from services.rules.small_counts import FEWEST_TOLD

_STARRED: Final = re.compile(r"[*＊]")
_STARRED_ADDRESS: Final = re.compile(r"[*＊]{2}")
"""One star may stand in an address (3*502)."""
_FEW: Final = re.compile(rf"^\s*[<＜]\s*{FEWEST_TOLD}\s*$")
_STORED_AS: Final = {stated: kept for kept, stated in STATED_AS.items()}


def set_masks_aside(draft: CheckedRows) -> None:
    """Take the masks out of the table, and remember where they stood."""
    frame = draft.table.frame
    for field, pattern in _patterns(draft.layer).items():
        header = draft.mapping.columns.get(field)
        if header is None or header not in frame.columns:
            continue
        column = frame[header].tolist()
        masks = {place: _plain(cell) for place, cell in enumerate(column) if _is_mask(cell, pattern)}
        if masks:
            draft.masks[field] = masks
            emptied = [None if place in masks else cell for place, cell in enumerate(column)]
            frame = frame.assign(**{header: pd.Series(emptied, index=frame.index, dtype=object)})
    draft.table = replace(draft.table, frame=frame)


def keep_masked_values(draft: CheckedRows) -> None:
    """Keep what is stored where the file has a mask of it; a mask itself is never stored.

    A cell that is the mask of what is stored stays without a word, as does an address that is its own mask. Another
    mask stays too and is told. Of a new row a mask is no value: without a name the row is refused, any other value is
    left out.
    """
    codes = {place: str(draft.codes[place]) for place in draft.places}
    stored_data: dict[str, dict[Any, Any]] = {
        field: dict(zip(draft.before.index.tolist(), draft.before[field].tolist(), strict=True))
        for field in _patterns(draft.layer)
        if field in draft.before.columns and (field in draft.masks or field in draft.frame.columns)
    }
    masked: set[int] = set()
    findings = []
    for field, place, mask in ((f, p, m) for f, masks in draft.masks.items() for p, m in masks.items()):
        if place not in codes:
            continue
        is_stored = codes[place] in stored_data.get(field, {})
        if is_stored:
            draft.keep(field, [place])
            masked.add(place)
        if not is_stored or not _is_mask_of(mask, stored_data[field][codes[place]], field, draft.layer):
            code, action = ("mask_differs", Treatment.NOTED) if is_stored else _loss(field)
            findings.append(Finding(Problem(draft.rows[place], draft.header(field), code, mask[:40]), action))
    for field, place in _unchanged(draft, codes, stored_data):
        draft.keep(field, [place])
        masked |= {place} if field in draft.masks else set()
    draft.add(findings)
    if masked:
        draft.note("masks_kept", count=len(masked))


def keep_stored_values(draft: CheckedRows, options: Options) -> None:
    """Keep what is stored where the file has no name, or a value that cannot be used and is not to be cleared.

    Findings that cost no stored value are marked so. A name is never cleared.
    """
    fields = {header: field for field, header in draft.mapping.columns.items()}
    for number, finding in enumerate(draft.findings):
        place, field = draft.place_of.get(finding.problem.row, -1), fields.get(finding.problem.column, "")
        stays = place >= 0 and draft.codes[place] in draft.stored_codes
        if finding.action is Treatment.LEFT_OUT and stays and (options.bad_values is BadValues.KEEP or field == "name"):
            draft.keep(field, [place])
            draft.findings[number] = replace(finding, action=Treatment.KEPT)
    unnamed = draft.column("name").isna().to_numpy() & draft.accepted
    draft.keep("name", np.flatnonzero(unnamed).tolist())


def stored_name(field: str) -> str:
    """Return the column of the store that holds a field."""
    return _STORED_AS.get(field, field)


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


def _patterns(layer: Layer) -> dict[str, re.Pattern[str]]:
    personal = {field: _STARRED_ADDRESS if field == "address" else _STARRED for field in MASKS.get(layer, {})}
    return personal | dict.fromkeys(COUNTS[layer], _FEW)


def _is_mask(cell: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(cell, str) and pattern.search(cell) is not None


def _plain(cell: object) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(cell)).split()).strip(" '\"")


def _is_mask_of(mask: str, value: object, field: str, layer: Layer) -> bool:
    if field not in MASKS.get(layer, {}):
        return True
    return isinstance(value, str) and _plain(MASKS[layer][field](value)) == mask


def _loss(field: str) -> tuple[str, Treatment]:
    return "mask_of_new", Treatment.REJECTED if field in ESSENTIAL else Treatment.LEFT_OUT


def _unchanged(
    draft: CheckedRows, codes: Mapping[int, str], stored_data: Mapping[str, Mapping[Any, Any]]
) -> Iterator[tuple[str, int]]:
    """Yield the cells without a star that are the mask of what is stored: of an address, how it is written."""
    for field, mask in MASKS.get(draft.layer, {}).items():
        if field not in draft.frame.columns or field not in stored_data:
            continue
        column = draft.frame[field].tolist()
        for place, code in codes.items():
            cell, value = column[place], stored_data[field].get(code)
            if isinstance(cell, str) and isinstance(value, str) and cell != value and _plain(mask(value)) == cell:
                yield field, place
