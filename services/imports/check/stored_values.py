"""What is stored against what a file has: stored values that stay, and what would change.

Stored values stay where the file has a mask of our own exports, a value that cannot be used, or no name. An export says
张** for a name, 138****1234 for a telephone number, 云港花园*** for an address and <3 for a small number. Whoever edits
such a file and imports it again means the other columns.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import Problem
from geo.schema import Layer
from services.imports.check.draft import CheckedRows
from services.imports.check.models import COUNTS, ESSENTIAL
from services.imports.findings import Finding, Treatment
from services.imports.options import BadValues, Options
from services.rules.privacy import MASKS
from services.rules.small_counts import FEWEST_TOLD

PLACE: Final = "geom"
"""The field that stands for points and outlines."""
STATED_AS: Final = {"identity_hash": "identity"}
"""Fields that the store keeps under another name."""
_STARRED: Final = re.compile(r"[*＊]")
_STARRED_ADDRESS: Final = re.compile(r"[*＊]{2}")
"""One star may stand in an address (3*502)."""
_FEW: Final = re.compile(rf"^\s*[<＜]\s*{FEWEST_TOLD}\s*$")
_STORED_AS: Final = {stated: kept for kept, stated in STATED_AS.items()}


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows an import adds and changes, and how many values of each field; fields without any are absent."""

    new: int
    unchanged: int
    """Rows that are stored with the very same values."""
    changed_rows: int
    changed: Mapping[str, int]
    """A stored value is replaced by another."""
    filled: Mapping[str, int]
    """There was none before."""
    emptied: Mapping[str, int]
    """A stored value goes, and nothing takes its place."""


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
    codes = {place: str(draft.codes[place]) for place in draft.accepted_places}
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


def count_changes(frame: pd.DataFrame, before: pd.DataFrame) -> Changes:
    """Return what writing rows would change.

    Parameters
    ----------
    frame
        The rows as they would be written, indexed by ``code``; only its columns are written.
    before
        What is stored of the layer, indexed by ``code``.

    Examples
    --------
    >>> rows = pd.DataFrame({"residents": [300, None, 5]}, index=["A", "B", "C"])
    >>> stored = pd.DataFrame({"residents": [280.0, 50.0]}, index=["A", "B"])
    >>> done = count_changes(rows, stored)
    >>> done.new, done.changed, done.emptied
    (1, {'residents': 1}, {'residents': 1})
    """
    both = frame.index.intersection(before.index)
    places, places_before = frame.index.get_indexer(both), before.index.get_indexer(both)
    counts: dict[str, dict[str, int]] = {"changed": {}, "filled": {}, "emptied": {}}
    touched = np.zeros(len(both), dtype=bool)
    for name in (name for name in frame.columns if name in before.columns):
        old, new = before[name].iloc[places_before], frame[name].iloc[places]
        was, is_there = _stands(old), _stands(new)
        differs = was & is_there
        differs[differs] = ~_same(old[differs], new[differs], is_place=name == PLACE)
        for kind, rows in (
            ("changed", differs),
            ("filled", ~was & is_there),
            ("emptied", was & ~is_there),
        ):
            touched |= rows
            if rows.any():
                counts[kind][STATED_AS.get(name, name)] = int(rows.sum())
    changed_rows = int(touched.sum())
    return Changes(len(frame) - len(both), len(both) - changed_rows, changed_rows, **counts)


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


def _stands(column: "pd.Series[Any]") -> NDArray[np.bool_]:
    """Return where something stands; an empty text is nothing."""
    there: NDArray[np.bool_] = (column.notna() & column.astype(object).ne("")).to_numpy(dtype=bool)
    return there


def _same(old: "pd.Series[Any]", new: "pd.Series[Any]", *, is_place: bool) -> NDArray[np.bool_]:
    """Return where two columns without nulls say the same."""
    values = [np.asarray(column, dtype=object) for column in (old, new)]
    return np.asarray(shapely.equals_exact(*values) if is_place else values[0] == values[1], dtype=bool)
