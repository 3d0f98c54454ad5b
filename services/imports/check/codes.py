"""The code of every row: stated, known from before, or made by a rule that gives the same code again.

A row without a code is first looked for among the stored rows: a person by identity, anything else by its name
within its parent (suffixes repaired: 秀全街 is 秀全街道). What is new gets a code made from what it is: a person from
the keyed identity hash, else name and telephone; anything with a name ``parent-name``, or the name alone where it
has no parent; every road and water a fingerprint of the shape. Any other shape without a name is not known.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.schema import Layer
from geo.validate import GeometryKinds
from services.catalog.layers import LAYERS
from services.imports.check.code_faults import KEPT_DIGITS, codes_text
from services.imports.check.draft import CheckedRows
from services.imports.check.links import Directory, repaired_name
from services.imports.check.persons import known_persons, person_codes, read_persons, refuse_same_persons

_FINGERPRINT_BYTES: Final = 6
_SHAPE_GRID_DEGREES: Final = 1e-7


def give_codes(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Give every row its code; refuse rows that have none, and those whose code or person is not theirs alone."""
    spec, cells = LAYERS[draft.layer], draft.column("code").tolist()
    persons, known = read_persons(draft.frame), known_persons(draft.stored)
    if draft.layer is Layer.MEMBERS:
        draft.codes = person_codes(persons, cells, known, salt=draft.stored.salt)
    elif spec.is_piece:
        draft.codes = [code or _fingerprint(draft.layer, shape) for code, shape in zip(cells, shapes, strict=True)]
    else:
        draft.codes = _codes_by_name(draft, cells)
    count = sum(code is not None and cell is None for code, cell in zip(draft.codes, cells, strict=True))
    if count:
        draft.note("codes_made", count=count)
    without_code = [code is None for code in draft.codes]
    draft.reject_where(without_code, "", "no_key_member" if draft.layer is Layer.MEMBERS else "no_key")
    is_new = np.array([code not in draft.stored_codes for code in draft.codes], dtype=bool)
    if GeometryKinds.AREA in spec.shapes:
        _refuse_placeless(draft, is_new & shapely.is_missing(shapes))
    if not spec.is_piece and "name" not in draft.mapping.columns:
        draft.reject_where(is_new, "", "nameless")
    _refuse_spoiled(draft, [cell if is_in else None for cell, is_in in zip(cells, draft.accepted, strict=True)])
    if draft.layer is Layer.MEMBERS:
        refuse_same_persons(draft, persons, known)
    _refuse_duplicates(draft, cells)


def _codes_by_name(draft: CheckedRows, cells: Sequence[str | None]) -> list[str | None]:
    """Return the codes of rows that are known by their names; one found under a repaired name gets the stored name."""
    directory = Directory(draft.before["name"])
    parent_of = draft.before["parent_code"].to_dict() if "parent_code" in draft.before.columns else {}
    codes, names = list(cells), draft.column("name").tolist()
    for place, (name, parent) in enumerate(zip(names, draft.parents, strict=True)):
        if codes[place] or not name:
            continue
        codes[place], is_repaired = _known_code(name, parent, directory, parent_of)
        if codes[place] is None:
            full = repaired_name(name)
            codes[place] = f"{parent}-{full}" if parent else full
        elif is_repaired:
            names[place] = directory.name(str(codes[place]))
            draft.note_row(place, "name_repaired", "", name[:40], official=names[place])
    if "name" in draft.frame.columns:
        draft.frame["name"] = draft.as_column(names)
    return codes


def _known_code(
    name: str, parent: str | None, directory: Directory, parent_of: Mapping[Any, Any]
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


def _refuse_placeless(draft: CheckedRows, is_placeless: NDArray[np.bool_]) -> None:
    """Refuse new zones that have no shape, and estates that have neither place nor grid."""
    if draft.layer is Layer.ESTATES:
        is_placeless = is_placeless & np.array([parent is None for parent in draft.parents], dtype=bool)
    draft.reject_where(is_placeless, "", "null_geometry")


def _refuse_spoiled(draft: CheckedRows, cells: Sequence[str | None]) -> None:
    """Refuse codes from which a spreadsheet took digits at the end or zeros in front.

    A code that has lost digits tells of its column: where every long code ends in zeros, those that are stored are
    refused too, since it is chance that a spoiled code is that of another row.
    """
    spoiled = {code: draft.known_codes.spoiled(code) for code in cells if code}
    long = {code for code in spoiled if len(code) > KEPT_DIGITS and code.isdecimal()}
    is_every_spoiled = any(spoiled.values()) and not any(code[KEPT_DIGITS:].strip("0") for code in long)
    padded = {code for code in (*draft.stored_codes, *cells) if code and code.startswith("0")}
    whole = {code.lstrip("0"): code for code in sorted(padded)}
    for place, code in enumerate(cells):
        if code and (spoiled[code] or (is_every_spoiled and code in long)):
            draft.reject(place, "end_lost", draft.header("code"), code, whole=codes_text(spoiled[code] or (code,)))
        if code in whole and code not in draft.stored_codes:
            draft.reject(place, "zeros_lost", draft.header("code"), code, whole=whole[code])


def _refuse_duplicates(draft: CheckedRows, cells: Sequence[str | None]) -> None:
    """Refuse every accepted row whose code an earlier accepted row has, and name that row."""
    kind_of_name = "duplicate_person" if draft.layer is Layer.MEMBERS else "duplicate_name"
    names, first = draft.column("name").tolist(), dict[str, int]()
    for place in draft.places:
        code = str(draft.codes[place])
        if code not in first:
            first[code] = draft.rows[place]
            continue
        kind = "duplicate_code" if cells[place] else kind_of_name if names[place] else "duplicate_shape"
        shown = code[:40] if kind == "duplicate_code" else ""
        draft.reject(place, kind, draft.header("code"), shown, first_row=first[code])
