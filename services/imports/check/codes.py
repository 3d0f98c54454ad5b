"""The code of every row: stated, known from before, or made by a rule that gives the same code again.

A row without a code is first looked for among the stored rows: a person by identity, anything else by its name
within its parent (suffixes repaired: 秀全街 is 秀全街道). What is new gets a code made from what it is: a person from
the keyed identity hash, else name and telephone; anything with a name ``parent-name``, or the name alone where it
has no parent; every road and water a fingerprint of the shape. Any other shape without a name is not known.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import Problem
from geo.schema import Layer
from services.catalog.layers import LAYERS
from services.imports.check.persons import KnownPersons, person_codes, read_persons
from services.imports.check.references import Directory, repaired_name
from services.imports.findings import Finding, Treatment
from services.imports.options import StoredData

_FINGERPRINT_BYTES: Final = 6
_SHAPE_GRID_DEGREES: Final = 1e-7


@dataclass(frozen=True, slots=True)
class RowCodes:
    """Codes and names of ``n`` rows."""

    codes: tuple[str | None, ...]
    names: tuple[str | None, ...]
    """A stored row that was found under a repaired name keeps the stored name."""
    findings: tuple[Finding, ...]


def settle_codes(
    values: pd.DataFrame,
    layer: Layer,
    *,
    parents: Sequence[str | None],
    shapes: NDArray[np.object_],
    rows: Sequence[int],
    stored_data: StoredData,
    persons: KnownPersons,
) -> RowCodes:
    """Return a code for every row that has something to be known by.

    Parameters
    ----------
    values
        ``(n,)`` rows as ``read_rows`` gives them.
    layer
        What the rows are to become.
    parents
        ``(n,)`` codes of parents, None where there is none.
    shapes
        ``(n,)`` shapes, None where there is none.
    rows
        ``(n,)`` row numbers.
    stored_data
        What is stored.
    persons
        The stored members.
    """
    stated = _column(values, "code")
    names = _column(values, "name")
    if layer is Layer.MEMBERS:
        made = person_codes(read_persons(values), stated, persons, salt=stored_data.salt)
        kept: list[Finding] = []
    elif LAYERS[layer].is_piece:
        made, kept = [None] * len(names), []
    else:
        made, names, kept = _named_codes(stated, names, parents, rows, layer, stored_data)
    codes: list[str | None] = []
    for code, new, shape in zip(stated, made, shapes, strict=True):
        codes.append(code or new or (_fingerprint(layer, shape) if LAYERS[layer].is_piece else None))
    count = sum(code is not None and given is None for code, given in zip(codes, stated, strict=True))
    if count:
        kept.append(Finding(Problem(0, "", "codes_made", params={"count": count}), Treatment.NOTED))
    return RowCodes(tuple(codes), tuple(names), tuple(kept))


def find_duplicates(
    codes: Sequence[str | None], rows: Sequence[int], accepted: NDArray[np.bool_], header: str, kinds: Sequence[str]
) -> tuple[Finding, ...]:
    """Return a finding of its kind for every accepted row whose code an earlier accepted row has; it names that row."""
    first: dict[str, int] = {}
    found = []
    for code, row, is_in, kind in zip(codes, rows, accepted, kinds, strict=True):
        if code is None or not is_in:
            continue
        if code in first:
            shown = code[:40] if kind == "duplicate_code" else ""
            found.append(Finding(Problem(row, header, kind, shown, {"first_row": first[code]}), Treatment.REJECTED))
        else:
            first[code] = row
    return tuple(found)


def _column(values: pd.DataFrame, name: str) -> list[Any]:
    return values[name].tolist() if name in values.columns else [None] * len(values)


def _named_codes(
    stated: Sequence[str | None],
    names: Sequence[str | None],
    parents: Sequence[str | None],
    rows: Sequence[int],
    layer: Layer,
    stored_data: StoredData,
) -> tuple[list[str | None], list[str | None], list[Finding]]:
    before = stored_data.layer(layer)
    directory = Directory(before["name"])
    parent_of = before["parent_code"].to_dict() if "parent_code" in before.columns else {}
    codes: list[str | None] = [None] * len(names)
    kept_names = list(names)
    findings = []
    for place, (code, name, parent) in enumerate(zip(stated, names, parents, strict=True)):
        if code or not name:
            continue
        codes[place], is_repaired = _known_code(name, parent, directory, parent_of)
        if codes[place] is None:
            full = repaired_name(name)
            codes[place] = f"{parent}-{full}" if parent else full
        elif is_repaired:
            official = directory.name(str(codes[place]))
            kept_names[place] = official
            found = Problem(rows[place], "", "name_repaired", name[:40], {"official": official})
            findings.append(Finding(found, Treatment.NOTED))
    return codes, kept_names, findings


def _known_code(
    name: str, parent: str | None, directory: Directory, parent_of: dict[Any, Any]
) -> tuple[str | None, bool]:
    """Return the code of the stored row of that name whose parent does not contradict, and if the name was repaired."""
    found = directory.find(name)
    candidates = (found.code,) if found.code else found.candidates
    fitting = [c for c in candidates if not parent or not parent_of.get(c) or parent_of[c] == parent]
    return (fitting[0], found.is_repaired) if len(fitting) == 1 else (None, False)


def _fingerprint(layer: Layer, shape: Any) -> str | None:
    if shape is None or shape.is_empty:
        return None
    rounded = shapely.set_precision(shape, _SHAPE_GRID_DEGREES, mode="pointwise")
    digest = hashlib.blake2b(shapely.to_wkb(shapely.normalize(rounded)), digest_size=_FINGERPRINT_BYTES)
    return f"{layer.value[0].upper()}-{digest.hexdigest()}"
