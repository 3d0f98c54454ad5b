"""Which column of a file is which field, by our words and the user's; a second column of a field fills up the first."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from geo.errors import Problem
from geo.schema import Layer
from services.imports.options import Options, StoredData
from services.imports.read.table import RawTable
from services.rules.headers import HeaderMapping, further_headers, match_headers


def understand_columns(table: RawTable, layer: Layer, options: Options, stored_data: StoredData) -> HeaderMapping:
    """Return the mapping of a file: known words, what users corrected before, what this one says."""
    mapping = match_headers(table.headers, layer)
    headers = set(table.headers)
    for chosen in (stored_data.remembered, options.columns):
        mapping = mapping.corrected({f: h for f, h in chosen.items() if not h or h in headers})
    return mapping


def fill_up(table: RawTable, mapping: HeaderMapping, layer: Layer) -> tuple[RawTable, HeaderMapping]:
    """Return a table in which a column that is empty in a row has what a further column of its field says there.

    Of each such column a note tells how many values it gave. It counts as used from then on.
    """
    frame, notes, used = table.frame, list(table.notes), []
    for field, headers in further_headers(mapping, layer).items():
        first = mapping.columns[field]
        for header in headers:
            cells, count = _filled(frame[first].tolist(), frame[header].tolist())
            if count:
                frame = frame.assign(**{first: pd.Series(cells, index=frame.index, dtype=object)})
                notes.append(Problem(0, header, "second_column", params={"count": count, "header": first}))
                used.append(header)
    if not used:
        return table, mapping
    unused = tuple(header for header in mapping.unused if header not in used)
    return replace(table, frame=frame, notes=tuple(notes)), replace(mapping, unused=unused)


def _filled(cells: Sequence[object], others: Sequence[object]) -> tuple[list[object], int]:
    pairs = list(zip(cells, others, strict=True))
    return [other if cell is None else cell for cell, other in pairs], sum(
        c is None and o is not None for c, o in pairs
    )
