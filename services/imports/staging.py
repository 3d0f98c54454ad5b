"""Everything about an import but the writing: read, understand, check, place, link, code, and say what was found.

Staging writes nothing. It can be repeated with other options until the user is content; ``commit`` then writes what
was staged.
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import project
from geo.datum import convert_geometries
from geo.errors import Problem
from geo.schema import STORED_CRS, ZONE_LAYERS, Datum, Layer
from geo.topology import Topology, check_topology
from geo.validate import Bounds, Fault
from services.i18n import text
from services.imports.changes import count_changes
from services.imports.code_faults import KnownCodes, find_lost_digits, find_lost_zeros
from services.imports.codes import PIECES, find_duplicates, settle_codes
from services.imports.columns import fill_up, understand_columns
from services.imports.datums import DATUM_NAMES, DatumUse, settle_datum
from services.imports.distances import far_rows, home_column
from services.imports.files import read_table
from services.imports.findings import Action, Finding
from services.imports.inside import home_field, rows_inside
from services.imports.kept import keep_for_bad_values, stored_name, with_stored
from services.imports.links import LINKS, link_column, parents_by_place
from services.imports.masks import Cells, set_masks_aside, settle_masks
from services.imports.options import FarPlaces, Options, Stored, Watch
from services.imports.outlines import settle_outlines
from services.imports.parts import join_parts
from services.imports.persons import find_same_persons, read_persons
from services.imports.places import Places, read_places
from services.imports.rows import CHUNK, RowValues, read_rows, without_persons
from services.imports.staged import Staged
from services.imports.table import RawTable
from services.imports.upload import Upload
from services.rules.headers import HeaderMapping


def stage(upload: Upload, layer: Layer, options: Options, stored: Stored, watch: Watch | None = None) -> Staged:
    """Return what would be written, and what was found.

    Parameters
    ----------
    upload
        The file.
    layer
        What the rows are to become.
    options
        The user's choices.
    stored
        What the store holds (``services.imports.read_stored``).
    watch
        Who looks on.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used.
    CancelledError
        If the user cancels on the way.
    """
    watch = watch or Watch()
    watch.step(text("Reading the file"), 0.0)
    table = read_table(
        upload, layer, encoding=options.encoding, layer_name=options.layer_name, sheet=options.sheet, watch=watch
    )
    return stage_table(table, upload, layer, options, stored, watch)


def stage_table(
    table: RawTable, upload: Upload, layer: Layer, options: Options, stored: Stored, watch: Watch
) -> Staged:
    """Return what would be written of a table that is read already; see ``stage``."""
    table, mapping = fill_up(table, understand_columns(table, layer, options, stored), layer)
    work = _Work(table, layer, stored, mapping)
    work.read_values(watch)
    watch.step(text("Checking the places"), 0.5)
    places = work.read_places(options)
    work.link()
    places = work.join_parts(places)
    datum = work.settle_datum(places, options)
    shapes = work.shapes_in_wgs84(places, datum)
    watch.step(text("Finding the level above"), 0.65)
    work.find_parents(shapes)
    work.settle_codes(shapes)
    work.keep_inside(shapes)
    work.settle_masks()
    work.keep_stored(options)
    shapes = work.settle_outlines(shapes, places, options)
    work.check_distances(shapes, options)
    frame, rows = work.frame(shapes, places)
    watch.step(text("Looking for overlaps and gaps"), 0.8)
    topology = _topology(frame, layer)
    watch.step(text("Ready"), 1.0)
    return Staged(
        layer=layer,
        file_name=upload.name,
        file_sha256=upload.sha256,
        frame=frame,
        rows=rows,
        headers=table.headers,
        mapping=mapping,
        source=table.source,
        datum=datum,
        findings=tuple(sorted(work.findings, key=lambda finding: finding.problem.row)),
        repairs=tuple(r for r in places.checked.repairs if r.row in set(rows)),
        topology=topology,
        rows_read=len(table.frame),
        swap_explains=places.checked.swap_explains,
        stored=stored,
        changes=count_changes(frame, stored.layer(layer)),
        outlines_kept=work.outlines_kept,
        parts=work.parts,
        rows_far=work.rows_far,
    )


class _Work:
    """One import under way: the rows that are still in, and what was found of them."""

    def __init__(self, table: RawTable, layer: Layer, stored: Stored, mapping: HeaderMapping) -> None:
        self.table, self.layer, self.stored, self.mapping = table, layer, stored, mapping
        self.masks: Cells = {}
        self.kept: dict[str, set[int]] = {}
        self.outlines_kept = 0
        self.parts = 0
        self.rows_far = 0
        self.rows: list[int] = table.rows.tolist()
        self.accepted: NDArray[np.bool_] = np.ones(len(self.rows), dtype=bool)
        self.findings: list[Finding] = []
        self.values = pd.DataFrame(index=range(len(self.rows)))
        self.parents: list[str | None] = [None] * len(self.rows)
        self.codes: Sequence[str | None] = ()
        self._known = KnownCodes(self._stored_codes())
        self._place = {row: place for place, row in enumerate(self.rows)}
        self._add(Finding(without_persons(p, self.layer), Action.REJECTED) for p in table.problems)
        self._add(Finding(without_persons(p, self.layer), Action.NOTED) for p in table.notes)

    def read_values(self, watch: Watch) -> None:
        parts: list[RowValues] = []
        self.table, self.masks = set_masks_aside(self.table, self.mapping, self.layer)
        count, stored, salt = len(self.rows), self._stored_codes(), self.stored.salt
        for first in range(0, count, CHUNK):
            watch.step(text("Reading the rows"), 0.1 + 0.4 * first / count)
            where = {"first": first, "last": min(first + CHUNK, count)}
            parts.append(read_rows(self.table, self.mapping, self.layer, salt=salt, stored=stored, **where))
        self.values = pd.concat([part.frame for part in parts]) if parts else self.values
        intact = self.accepted.copy()
        self._add(f for part in parts for f in part.findings if intact[self._place[f.problem.row]])
        self._refuse_cut_rows()
        if "code" in self.values.columns:
            codes = [code and self._known.find(code) for code in self.values["code"]]
            self.values["code"] = pd.Series(codes, index=self.values.index, dtype=object)
        if self.layer is Layer.MEMBERS:
            is_masked = np.isin(np.arange(count), list(self.masks.get("name", ())))
            is_stored = self._column("code").isin(stored)
            self._reject_where(self._column("name").isna() & ~is_masked & ~is_stored, "name", "name_missing")

    def read_places(self, options: Options) -> Places:
        rejected = {row for row, is_in in zip(self.rows, self.accepted, strict=True) if not is_in}
        names = [name or "" for name in self._column("name")]
        places = read_places(
            self.table, self.mapping, self.layer, options, names=names, skip=rejected, home=_home(self.stored)
        )
        self._add(Finding(note, Action.NOTED) for note in places.way.notes)
        refused = [p for p in places.checked.problems if not (p.code == Fault.NULL and self._is_drawn(p.row))]
        self._add(Finding(without_persons(p, self.layer), Action.REJECTED) for p in refused)
        if places.swapped:
            self._note("swapped_as_wished", count=places.swapped)
        return places

    def _is_drawn(self, row: int) -> bool:
        """Return whether the code that a row states is stored with a shape, which stays where the file has none."""
        before = self.stored.layer(self.layer)
        code = self._column("code").iloc[self._place[row]]
        return "geom" in before.columns and code in before.index and before.loc[code, "geom"] is not None

    def link(self) -> None:
        for field in LINKS.get(self.layer, {}):
            if field not in self.values.columns:
                continue
            stated = [None if not v else str(v) for v in self._column(field)]
            linked = link_column(stated, self.rows, field, self._header(field), self.layer, self.stored)
            self.values[field] = pd.Series(linked.codes, index=self.values.index, dtype=object)
            self._add(linked.findings)
        if "parent_code" in self.values.columns:
            self.parents = list(self.values["parent_code"])

    def join_parts(self, places: Places) -> Places:
        """Return the places with the parts of one zone together in its first row; the other rows are in it."""
        if self.layer not in ZONE_LAYERS:
            return places
        joined = join_parts(self.values, places.checked.geometry, self.accepted)
        self.values = joined.frame
        for place, first in joined.first.items():
            problem = Problem(self.rows[place], "", "part_of_zone", params={"first_row": self.rows[first]})
            self._add([Finding(problem, Action.NOTED)])
            self.accepted[place] = False
        self.parts = len(joined.first)
        self.parents = list(self._column("parent_code"))
        return replace(places, checked=replace(places.checked, geometry=joined.shapes))

    def settle_datum(self, places: Places, options: Options) -> DatumUse:
        home = "community_code" if self.layer is Layer.MEMBERS else "parent_code"
        datum = settle_datum(
            self._accepted_only(places.checked.geometry),
            layer=self.layer,
            given=options.datum,
            declared=places.way.datum,
            stored=self.stored,
            parents=list(self._column(home)),
        )
        if not datum.is_settled:
            self._note("datum_assumed")
        if datum.agrees_better is not None:
            self._note("datum_doubtful", better=DATUM_NAMES[datum.agrees_better])
        return datum

    def shapes_in_wgs84(self, places: Places, datum: DatumUse) -> NDArray[np.object_]:
        shapes = self._accepted_only(places.checked.geometry)
        if datum.used is None or datum.used in {Datum.WGS84, Datum.CGCS2000}:
            return shapes
        return convert_geometries(shapes, datum.used, Datum.WGS84)

    def find_parents(self, shapes: NDArray[np.object_]) -> None:
        if "parent_code" not in LINKS.get(self.layer, {}):
            return
        zones = self.stored.zones(LINKS[self.layer]["parent_code"])
        found = parents_by_place(self.parents, shapes, self.rows, self.accepted, zones)
        self.parents = list(found.codes)
        self._add(found.findings)

    def settle_codes(self, shapes: NDArray[np.object_]) -> None:
        coded = settle_codes(
            self.values, self.layer, parents=self.parents, shapes=shapes, rows=self.rows, stored=self.stored
        )
        self.codes = coded.codes
        self._add(coded.findings)
        if "name" in self.values.columns:
            self.values["name"] = pd.Series(coded.names, index=self.values.index, dtype=object)
        missing = np.array([code is None for code in self.codes], dtype=bool)
        self._reject_where(missing, "", "no_key_member" if self.layer is Layer.MEMBERS else "no_key")
        self._reject_placeless(shapes)
        self._refuse_nameless()
        self._refuse_spoiled_codes()
        self._refuse_duplicates()

    def keep_inside(self, shapes: NDArray[np.object_]) -> None:
        """Refuse rows that lie outside the area of whoever imports them."""
        field = home_field(self.layer)
        homes = self.parents if field == "parent_code" else list(self._column(field))
        inside = rows_inside(self.layer, self.codes, homes, shapes, self.stored)
        self._reject_where(~inside, field if self._header(field) else "code", "outside_area")

    def settle_masks(self) -> None:
        """Keep what is stored where the file has a mask of it; a mask itself is never stored."""
        inside = {p: str(self.codes[p]) for p in np.flatnonzero(self.accepted).tolist()}
        settled = settle_masks(
            self.masks,
            self.values,
            codes=inside,
            rows=self.rows,
            mapping=self.mapping,
            layer=self.layer,
            before=self.stored.layer(self.layer),
        )
        for field, places in settled.kept.items():
            self.kept.setdefault(field, set()).update(places)
        self._add(settled.findings)

    def keep_stored(self, options: Options) -> None:
        """Keep what is stored where the file has no name, or a value that cannot be used and is not to be cleared."""
        stored = self._stored_codes()
        codes = {row: str(code) for row, code in zip(self.rows, self.codes, strict=True) if code in stored}
        self.findings, kept = keep_for_bad_values(self.findings, codes, self.mapping.columns, options.bad_values)
        for field, rows in kept.items():
            self.kept.setdefault(field, set()).update(self._place[row] for row in rows)
        unnamed = np.flatnonzero(self._column("name").isna().to_numpy() & self.accepted).tolist()
        self.kept.setdefault("name", set()).update(unnamed)

    def _stored_codes(self) -> Set[str]:
        return frozenset(map(str, self.stored.layer(self.layer).index))

    def settle_outlines(self, shapes: NDArray[np.object_], places: Places, options: Options) -> NDArray[np.object_]:
        """Return the shapes with stored outlines in place of less."""
        before = self.stored.layer(self.layer)
        if not places.is_stated or "geom" not in before.columns:
            return shapes
        settled = settle_outlines(
            shapes,
            before["geom"].reindex(pd.Index(self.codes)).to_numpy(dtype=object),
            rows={p: self.rows[p] for p in np.flatnonzero(self.accepted).tolist()},
            column=self._header("wkt") or self._header("lon"),
            wish=options.outlines,
        )
        self.outlines_kept = settled.kept
        self._add(settled.findings)
        return settled.shapes

    def check_distances(self, shapes: NDArray[np.object_], options: Options) -> None:
        """Refuse rows that lie far from the zone that they name, unless the user says that they do."""
        field = home_column(self.layer)
        zones = self.parents if field == "parent_code" else list(self._column(field))
        far = far_rows(self.layer, self.codes, zones, self._accepted_only(shapes), self.stored)
        action = Action.NOTED if options.far is FarPlaces.ACCEPT else Action.REJECTED
        self.rows_far = len(far) if action is Action.REJECTED else 0
        for place, params in far.items():
            column = self._header(field) or self._header("wkt") or self._header("lon") or self._header("lonlat")
            self._add([Finding(Problem(self.rows[place], column, "far_from_zone", params=params), action)])

    def frame(self, shapes: NDArray[np.object_], places: Places) -> tuple[pd.DataFrame, pd.Series]:
        """Return the accepted rows as the store takes them, and their row numbers."""
        index = pd.Index(
            [code for code, ok in zip(self.codes, self.accepted, strict=True) if ok], name="code", dtype=object
        )
        kept = self.values[self.accepted].drop(columns=["code"], errors="ignore").set_axis(index)
        kept = kept.rename(columns=stored_name)
        if "parent_code" in LINKS.get(self.layer, {}) and (places.is_stated or "parent_code" in kept.columns):
            parents = [parent for parent, ok in zip(self.parents, self.accepted, strict=True) if ok]
            kept["parent_code"] = pd.Series(parents, index=index, dtype=object)
        if "parent_code" not in self.values.columns:
            self.kept["parent_code"] = {place for place, parent in enumerate(self.parents) if parent is None}
        stays = {f: [str(self.codes[p]) for p in places if self.accepted[p]] for f, places in self.kept.items()}
        kept = with_stored(kept, self.stored.layer(self.layer), stays)
        if "name" in kept.columns:
            kept["name"] = kept["name"].fillna("")
        rows = pd.Series(np.array(self.rows)[self.accepted], index=index, name="row")
        if not places.is_stated:
            return kept, rows
        kept["geom"] = gpd.GeoSeries(shapes[self.accepted], index=index, crs=STORED_CRS)
        return gpd.GeoDataFrame(kept, geometry="geom"), rows

    def _accepted_only(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        kept = shapes.copy()
        kept[~self.accepted] = None
        return kept

    def _refuse_nameless(self) -> None:
        """Refuse new rows of a file in which no column is the name; roads and waters need none."""
        if self.layer not in PIECES and "name" not in self.mapping.columns:
            stored = self._stored_codes()
            self._reject_where([code not in stored for code in self.codes], "", "nameless")

    def _refuse_spoiled_codes(self) -> None:
        """Refuse codes from which a spreadsheet took zeros in front or digits at the end."""
        inside = [code if ok else None for code, ok in zip(self._column("code"), self.accepted, strict=True)]
        header = self._header("code")
        self._add(find_lost_digits(inside, self.rows, header, self._known))
        self._add(find_lost_zeros(inside, self.rows, header, self._stored_codes()))

    def _refuse_duplicates(self) -> None:
        if self.layer is Layer.MEMBERS:
            persons, columns = read_persons(self.values), self.mapping.columns
            self._add(find_same_persons(persons, self.codes, self.rows, self.accepted, columns, self.stored))
        made = "duplicate_person" if self.layer is Layer.MEMBERS else "duplicate_name"
        names = zip(self._column("code"), self._column("name"), strict=True)
        kinds = ["duplicate_code" if code else made if name else "duplicate_shape" for code, name in names]
        self._add(find_duplicates(self.codes, self.rows, self.accepted, self._header("code"), kinds))

    def _refuse_cut_rows(self) -> None:
        """Refuse rows that have too few cells where one of those that they lack is of a column that is read."""
        used = set(self.mapping.columns.values())
        for row, first in self.table.cut_rows.items():
            if self.accepted[self._place[row]] and used & set(self.table.headers[first:]):
                params: dict[str, str | int | float] = {"cells": first, "columns": len(self.table.headers)}
                self._add([Finding(Problem(row, "", "narrow_row", params=params), Action.REJECTED)])

    def _reject_placeless(self, shapes: NDArray[np.object_]) -> None:
        """Refuse new zones that have no shape, and estates that have neither place nor grid."""
        if self.layer in _PLACELESS:
            return
        known = set(self.stored.layer(self.layer).index)
        without = shapely.is_missing(shapes) & np.array([code not in known for code in self.codes], dtype=bool)
        if self.layer is Layer.ESTATES:
            without &= np.array([parent is None for parent in self.parents], dtype=bool)
        self._reject_where(without, "", "null_geometry")

    def _reject_where(self, condition: Any, field: str, code: str) -> None:
        places = np.flatnonzero(np.asarray(condition, dtype=bool) & self.accepted)
        self._add(Finding(Problem(self.rows[p], self._header(field), code), Action.REJECTED) for p in places)

    def _note(self, code: str, **params: str | int | float) -> None:
        self._add([Finding(Problem(0, "", code, params=params), Action.NOTED)])

    def _add(self, findings: Any) -> None:
        for finding in findings:
            self.findings.append(finding)
            if finding.action is Action.REJECTED:
                self.accepted[self._place[finding.problem.row]] = False

    def _header(self, field: str) -> str:
        return self.mapping.columns.get(field, "")

    def _column(self, field: str) -> pd.Series:
        if field in self.values.columns:
            return self.values[field]
        return pd.Series([None] * len(self.rows), index=self.values.index, dtype=object)


_PLACELESS: Final = frozenset({Layer.UNITS, Layer.MEMBERS, Layer.TEAMS})
"""Layers whose rows need no place."""


def _home(stored: Stored) -> Bounds | None:
    """Return the bounds of the widest stored zones, in degrees."""
    zones = next((zones for layer in ZONE_LAYERS if len(zones := stored.zones(layer))), None)
    return None if zones is None else tuple(zones.total_bounds.tolist())


def _topology(frame: pd.DataFrame, layer: Layer) -> Topology | None:
    """Return overlaps and gaps between accepted zones; estates do not fill the ground, so they are left out."""
    if layer not in ZONE_LAYERS[:-1] or not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        return None
    return check_topology(project(frame.geometry))
