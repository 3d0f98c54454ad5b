"""What rows say of other layers (所属社区, 工作单位), turned into codes; parents found by place where unsaid.

What people call a zone or a unit is its code, its name, or its name with another suffix (秀全街 for 秀全街道).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rapidfuzz import process

from geo.crs import project, projected_crs
from geo.errors import Problem
from geo.schema import STORED_CRS, Layer
from geo.zones import parents_by_location
from services.catalog.layers import LAYERS
from services.imports.check.code_faults import KnownCodes, codes_by_key, codes_text
from services.imports.check.draft import CheckedRows
from services.imports.findings import Finding, Treatment
from services.rules.people import normal_name

_UNKNOWN: Final = {Layer.UNITS: "unknown_unit", Layer.COMMUNITIES: "unknown_community"}
_MIN_SHARE: Final = 0.5
_SUFFIXES: Final = (
    (re.compile(r"街道?(?:办事处|办)?$"), "街道"),
    (re.compile(r"(?:社区)?(?:居民委员会|居委会|居委|党委|党总支)$|社区$"), "社区"),
    (re.compile(r"村(?:民委员会|委会|委)?$"), "村"),
    (re.compile(r"(?:镇人民政府|镇政府|镇)$"), "镇"),
)
_HINT_LIMIT: Final = 60


def link_columns(draft: CheckedRows) -> None:
    """Put codes in place of what the rows call their parents, units and communities.

    An unknown parent costs the row, any other unknown name only the value; the finding names the nearest known name, or
    says that several have this one. Where nothing of the other layer is stored yet, what is stated is kept as it is
    (``kept_as_stated``, noted once): codes made from names later on are the same names.
    """
    for field, target in LAYERS[draft.layer].links.items():
        if field not in draft.frame.columns:
            continue
        directory = Directory(draft.stored.layer(target)["name"])
        cells = [str(cell) if cell else None for cell in draft.column(field)]
        if len(directory):
            cells = _look_up(draft, field, cells, directory)
        elif any(cells):
            draft.note("kept_as_stated", draft.header(field), layer=target.value)
        draft.frame[field] = draft.as_column(cells)
    if "parent_code" in draft.frame.columns:
        draft.parents = list(draft.frame["parent_code"])


def fill_parents(draft: CheckedRows, shapes: NDArray[np.object_]) -> None:
    """Find by place the parents that nobody stated; tell where that leaves none, or a doubt."""
    if "parent_code" not in LAYERS[draft.layer].links:
        return
    zones = draft.stored.zones(LAYERS[draft.layer].links["parent_code"])
    unsaid = np.array([parent is None for parent in draft.parents], dtype=bool)
    places = np.flatnonzero(unsaid & draft.accepted & ~shapely.is_missing(shapes))
    if not len(places) or not len(zones):
        return
    crs = projected_crs(zones)
    children = project(gpd.GeoSeries(shapes[places], index=places, crs=STORED_CRS), crs)
    found = parents_by_location(children, project(zones, crs))
    for place, code, share in zip(places.tolist(), found["parent_code"], found["share"], strict=True):
        parent = None if pd.isna(code) else str(code)
        draft.parents[place] = parent
        if parent is None or share < _MIN_SHARE:
            kind = "parent_not_found" if parent is None else "parent_doubtful"
            draft.note_row(place, kind, "", parent or "", percent=round(float(share) * 100))


def _look_up(draft: CheckedRows, field: str, cells: Sequence[str | None], directory: "Directory") -> list[str | None]:
    """Return the codes a column names, several joined by ``;`` in their order; tell of each part that names none."""
    matches = {part: directory.find(part) for cell in cells if cell for part in cell.split(";")}
    codes: list[str | None] = []
    for row, cell in zip(draft.rows, cells, strict=True):
        parts = cell.split(";") if cell else []
        codes.append(";".join(sorted({code for part in parts if (code := matches[part].code)})) or None)
        unknown = dict.fromkeys(part for part in parts if matches[part].code is None)
        draft.add(_unknown(row, part, matches[part], draft, field, directory) for part in unknown)
    return codes


def _unknown(
    row: int, words: str, match: "ReferenceMatch", draft: CheckedRows, field: str, directory: "Directory"
) -> Finding:
    lost, short = directory.spoiled(words), directory.shortened(words)
    params: dict[str, str | int | float]
    if lost:
        code, params = "end_lost", {"whole": codes_text(lost)}
    elif short:
        code, params = "link_shortened", {"stored": codes_text(short)}
    elif match.candidates:
        code, params = "several_of_name", {"count": len(match.candidates)}
    else:
        code = "unknown_parent" if field == "parent_code" else _UNKNOWN[LAYERS[draft.layer].links[field]]
        params = {"nearest": directory.nearest_name(words)}
    action = Treatment.REJECTED if field == "parent_code" else Treatment.LEFT_OUT
    return Finding(Problem(row, draft.header(field), code, words[:40], params), action)


@dataclass(frozen=True, slots=True)
class ReferenceMatch:
    """What a stated name turned out to be."""

    code: str | None
    """The code, or None where nothing, or more than one thing, has that name."""
    is_repaired: bool = False
    """Whether the name had to be read with another suffix (秀全街 for 秀全街道)."""
    candidates: tuple[str, ...] = ()
    """Codes, where several have that name."""


class Directory:
    """Codes by code and by name."""

    def __init__(self, names: pd.Series) -> None:
        """Take names indexed by code."""
        self._known = KnownCodes(map(str, names.index))
        self._count = len(names)
        plain = [(_plain(str(name)), str(code)) for code, name in names.items() if name]
        self._by_name = codes_by_key(plain)
        self._by_suffix = codes_by_key((repaired_name(name), code) for name, code in plain)
        self._by_stem = codes_by_key((_stem(name), code) for name, code in plain)
        self._names = dict(zip(map(str, names.index), map(str, names), strict=True))

    def __len__(self) -> int:
        return self._count

    def spoiled(self, words: str) -> tuple[str, ...]:
        """Return the codes of which this is what a spreadsheet has left."""
        return self._known.spoiled(words)

    def shortened(self, words: str) -> tuple[str, ...]:
        """Return the codes that are what a spreadsheet leaves of this one."""
        return self._known.shortened(words)

    def find(self, words: str) -> ReferenceMatch:
        """Return what is meant: a code, else a name, else a name with its suffix repaired or missing.

        Examples
        --------
        >>> Directory(pd.Series({"440114004": "秀全街道"})).find("秀全街")
        Reference(code='440114004', is_repaired=True, candidates=())
        """
        code = self._known.find(words)
        if code in self._known:
            return ReferenceMatch(code)
        name = _plain(words)
        for index, key, repaired in (
            (self._by_name, name, False),
            (self._by_suffix, repaired_name(name), True),
            (self._by_stem, name, True),
        ):
            codes = index.get(key, ())
            if len(codes) == 1:
                return ReferenceMatch(codes[0], is_repaired=repaired)
            if codes:
                return ReferenceMatch(None, candidates=codes)
        return ReferenceMatch(None)

    def name(self, code: str) -> str:
        """Return the name of a code, empty where it has none."""
        return self._names.get(code, "")

    def nearest_name(self, words: str) -> str:
        """Return the name most like what was stated, empty where none is like it."""
        found = process.extractOne(words, self._names.values(), score_cutoff=_HINT_LIMIT)
        return str(found[0]) if found else ""


def repaired_name(name: str) -> str:
    """Return a name of a zone with its suffix in full.

    Examples
    --------
    >>> repaired_name("秀全街"), repaired_name("雅瑶社区居委会")
    ('秀全街道', '雅瑶社区')
    """
    for pattern, suffix in _SUFFIXES:
        if pattern.search(name) and len(name) > len(suffix) - 1:
            return pattern.sub(suffix, name)
    return name


def _stem(name: str) -> str:
    full = repaired_name(name)
    return next((full.removesuffix(s) for _, s in _SUFFIXES if full.endswith(s) and len(full) > len(s) + 1), full)


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", normal_name(str(name))))
