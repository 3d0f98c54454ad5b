"""By what the rows of a draft are known: a code each, and no row without one, with a spoiled one or with a used one."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.schema import Layer
from geo.validate import GeometryKinds
from services.catalog.layers import LAYERS
from services.imports.check.code_faults import find_lost_digits, find_lost_zeros
from services.imports.check.codes import find_duplicates, settle_codes
from services.imports.check.draft import CheckedRows
from services.imports.check.persons import find_same_persons, read_persons


def give_codes(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Give every row its code; refuse rows that have none, and those whose code or person is not theirs alone."""
    coded = settle_codes(
        draft.frame,
        draft.layer,
        parents=draft.parents,
        shapes=shapes,
        rows=draft.rows,
        stored_data=draft.stored,
        persons=draft.known_persons,
    )
    draft.codes = coded.codes
    draft.add(coded.findings)
    if "name" in draft.frame.columns:
        draft.frame["name"] = pd.Series(coded.names, index=draft.frame.index, dtype=object)
    missing = np.array([code is None for code in draft.codes], dtype=bool)
    draft.reject_where(missing, "", "no_key_member" if draft.layer is Layer.MEMBERS else "no_key")
    _reject_placeless(draft, shapes)
    _refuse_nameless(draft)
    _refuse_spoiled_codes(draft)
    _refuse_duplicates(draft)


def _reject_placeless(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Refuse new zones that have no shape, and estates that have neither place nor grid."""
    if GeometryKinds.AREA not in LAYERS[draft.layer].shapes:
        return
    stored_data = draft.stored_codes
    without = shapely.is_missing(shapes) & np.array([code not in stored_data for code in draft.codes], dtype=bool)
    if draft.layer is Layer.ESTATES:
        without &= np.array([parent is None for parent in draft.parents], dtype=bool)
    draft.reject_where(without, "", "null_geometry")


def _refuse_nameless(draft: CheckedRows) -> None:
    """Refuse new rows of a file in which no column is the name; roads and waters need none."""
    if not LAYERS[draft.layer].is_piece and "name" not in draft.mapping.columns:
        stored_data = draft.stored_codes
        draft.reject_where([code not in stored_data for code in draft.codes], "", "nameless")


def _refuse_spoiled_codes(draft: CheckedRows) -> None:
    """Refuse codes from which a spreadsheet took zeros in front or digits at the end."""
    inside = [code if ok else None for code, ok in zip(draft.column("code"), draft.accepted, strict=True)]
    header = draft.header("code")
    draft.add(find_lost_digits(inside, draft.rows, header, draft.known_codes))
    draft.add(find_lost_zeros(inside, draft.rows, header, draft.stored_codes))


def _refuse_duplicates(draft: CheckedRows) -> None:
    if draft.layer is Layer.MEMBERS:
        persons, columns = read_persons(draft.frame), draft.mapping.columns
        draft.add(find_same_persons(persons, draft.codes, draft.rows, draft.accepted, columns, draft.known_persons))
    made = "duplicate_person" if draft.layer is Layer.MEMBERS else "duplicate_name"
    names = zip(draft.column("code"), draft.column("name"), strict=True)
    kinds = ["duplicate_code" if code else made if name else "duplicate_shape" for code, name in names]
    draft.add(find_duplicates(draft.codes, draft.rows, draft.accepted, draft.header("code"), kinds))
