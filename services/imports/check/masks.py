"""Masks of our own exports in a file that comes back: they are no values, and what is stored stays.

An export says 张** for a name, 138****1234 for a telephone number, 云港花园*** for an address and <3 for a small
number. Whoever edits such a file and imports it again means the other columns.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from geo.errors import Problem
from geo.schema import Layer
from services.imports.check.models import COUNTS, ESSENTIAL
from services.imports.findings import Finding, Treatment
from services.imports.read.table import RawTable
from services.rules.headers import HeaderMapping
from services.rules.privacy import MASKS
from services.rules.small_counts import FEWEST_TOLD

Cells = Mapping[str, Mapping[int, str]]
"""Field → place of the row → the mask that stands there."""

_STARRED: Final = re.compile(r"[*＊]")
_STARRED_ADDRESS: Final = re.compile(r"[*＊]{2}")
"""One star may stand in an address (3*502)."""
_FEW: Final = re.compile(rf"^\s*[<＜]\s*{FEWEST_TOLD}\s*$")


@dataclass(frozen=True, slots=True)
class MaskResult:
    """What became of masked cells."""

    masked_rows: Mapping[str, frozenset[int]]
    """Field → places of the rows that keep what is stored."""
    findings: tuple[Finding, ...]


def set_masks_aside(table: RawTable, mapping: HeaderMapping, layer: Layer) -> tuple[RawTable, Cells]:
    """Return a table without its masked cells, and these.

    Parameters
    ----------
    table
        As it was read.
    mapping
        Which header is which field.
    layer
        What the rows are to become.
    """
    cells: dict[str, dict[int, str]] = {}
    frame = table.frame
    for field, pattern in _patterns(layer).items():
        header = mapping.columns.get(field)
        if header is None or header not in frame.columns:
            continue
        column = frame[header].tolist()
        masked = {place: _plain(cell) for place, cell in enumerate(column) if _is_mask(cell, pattern)}
        if masked:
            cells[field] = masked
            emptied = [None if place in masked else cell for place, cell in enumerate(column)]
            frame = frame.assign(**{header: pd.Series(emptied, index=frame.index, dtype=object)})
    return (replace(table, frame=frame) if cells else table), cells


def settle_masks(
    cells: Cells,
    values: pd.DataFrame,
    *,
    codes: Mapping[int, str],
    rows: list[int],
    mapping: HeaderMapping,
    layer: Layer,
    before: pd.DataFrame,
) -> MaskResult:
    """Return which values stay as they are stored, and what is to be told.

    A cell that is the mask of what is stored stays without a word, as does an address that is its own mask. Another
    mask stays too and is told. Of a new row a mask is no value: without a name the row is refused, any other value is
    left out.

    Parameters
    ----------
    cells
        As ``set_masks_aside`` found them.
    values
        ``(n,)`` rows as they were read.
    codes
        Place → code of the rows that are still in.
    rows
        ``(n,)`` row numbers.
    mapping
        Which header is which field.
    layer
        What the rows are to become.
    before
        What is stored of the layer, indexed by ``code``, telephone numbers in clear.
    """
    stored_data: dict[str, dict[Any, Any]] = {
        field: dict(zip(before.index.tolist(), before[field].tolist(), strict=True))
        for field in _patterns(layer)
        if field in before.columns and (field in cells or field in values.columns)
    }
    kept: dict[str, set[int]] = {}
    findings = []
    for field, place, mask in ((f, p, m) for f, found in cells.items() for p, m in found.items()):
        if place not in codes:
            continue
        is_stored = codes[place] in stored_data.get(field, {})
        if is_stored:
            kept.setdefault(field, set()).add(place)
        if not is_stored or not _is_mask_of(mask, stored_data[field][codes[place]], field, layer):
            code, action = ("mask_differs", Treatment.NOTED) if is_stored else _loss(field)
            findings.append(Finding(Problem(rows[place], mapping.columns[field], code, mask[:40]), action))
    for field, place in _unchanged(values, codes, stored_data, layer):
        kept.setdefault(field, set()).add(place)
    masked = {place for field in cells for place in kept.get(field, ())}
    if masked:
        findings.append(Finding(Problem(0, "", "masks_kept", params={"count": len(masked)}), Treatment.NOTED))
    return MaskResult({field: frozenset(places) for field, places in kept.items()}, tuple(findings))


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
    values: pd.DataFrame, codes: Mapping[int, str], stored_data: Mapping[str, Mapping[Any, Any]], layer: Layer
) -> Iterator[tuple[str, int]]:
    """Yield the cells without a star that are the mask of what is stored: of an address, how it is written."""
    for field, mask in MASKS.get(layer, {}).items():
        if field not in values.columns or field not in stored_data:
            continue
        column = values[field].tolist()
        for place, code in codes.items():
            cell, value = column[place], stored_data[field].get(code)
            if isinstance(cell, str) and isinstance(value, str) and cell != value and _plain(mask(value)) == cell:
                yield field, place
