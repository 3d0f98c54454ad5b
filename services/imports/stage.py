"""Everything about an import but the writing: read, understand, check, place, link, code, and say what was found.

Staging writes nothing. It can be repeated with other options until the user is content; ``commit`` then writes what
was staged.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import project
from geo.schema import STORED_CRS, ZONE_LAYERS, Layer
from geo.topology import Topology, check_topology
from services.i18n import text
from services.imports.changes import count_changes
from services.imports.check.columns import fill_up, understand_columns
from services.imports.check.draft import CheckedRows
from services.imports.check.draft_codes import give_codes
from services.imports.check.draft_locations import (
    choose_datum,
    fill_parents,
    join_zones,
    keep_outlines,
    place_rows,
    refuse_far,
    refuse_outside,
    shapes_in_wgs84,
)
from services.imports.check.draft_values import fill_values, keep_masked_values, keep_stored_values, link_columns
from services.imports.check.links import LINKS
from services.imports.check.locations import Locations
from services.imports.check.stored_values import stored_name, with_stored
from services.imports.options import Options, ProgressMonitor, StoredData
from services.imports.read.files import read_table
from services.imports.read.table import RawTable
from services.imports.read.upload import Upload
from services.imports.staged_import import StagedImport


def stage(
    upload: Upload, layer: Layer, options: Options, stored_data: StoredData, monitor: ProgressMonitor | None = None
) -> StagedImport:
    """Return what would be written, and what was found.

    Parameters
    ----------
    upload
        The file.
    layer
        What the rows are to become.
    options
        The user's choices.
    stored_data
        What the store holds (``services.imports.read_stored``).
    monitor
        Who looks on.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used.
    CancelledError
        If the user cancels on the way.
    """
    monitor = monitor or ProgressMonitor()
    monitor.step(text("Reading the file"), 0.0)
    table = read_table(
        upload, layer, encoding=options.encoding, layer_name=options.layer_name, sheet=options.sheet, monitor=monitor
    )
    return stage_table(table, upload, layer, options, stored_data, monitor)


def stage_table(
    table: RawTable, upload: Upload, layer: Layer, options: Options, stored_data: StoredData, monitor: ProgressMonitor
) -> StagedImport:
    """Return what would be written of a table that is read already; see ``stage``."""
    table, mapping = fill_up(table, understand_columns(table, layer, options, stored_data), layer)
    draft = CheckedRows(table, layer, stored_data, mapping)
    fill_values(draft, monitor)
    monitor.step(text("Checking the places"), 0.5)
    places = place_rows(draft, options)
    link_columns(draft)
    places = join_zones(draft, places)
    datum = choose_datum(draft, places, options)
    shapes = shapes_in_wgs84(draft, places, datum)
    monitor.step(text("Finding the level above"), 0.65)
    fill_parents(draft, shapes)
    give_codes(draft, shapes)
    refuse_outside(draft, shapes)
    keep_masked_values(draft)
    keep_stored_values(draft, options)
    shapes = keep_outlines(draft, shapes, places, options)
    refuse_far(draft, shapes, options)
    frame, rows = _accepted_rows(draft, shapes, places)
    monitor.step(text("Looking for overlaps and gaps"), 0.8)
    topology, taken = _topology(frame, layer), set(rows)
    monitor.step(text("Ready"), 1.0)
    return StagedImport(
        layer=layer,
        file_name=upload.name,
        file_sha256=upload.sha256,
        frame=frame,
        rows=rows,
        headers=table.headers,
        mapping=mapping,
        source=table.source,
        datum=datum,
        findings=tuple(sorted(draft.findings, key=lambda finding: finding.problem.row)),
        repairs=tuple(r for r in places.checked.repairs if r.row in taken),
        topology=topology,
        rows_read=len(table.frame),
        swap_explains=places.checked.swap_explains,
        stored_data=stored_data,
        changes=count_changes(frame, stored_data.layer(layer)),
        outlines_kept=draft.outlines_kept,
        parts=draft.parts,
        rows_far=draft.rows_far,
    )


def _accepted_rows(
    draft: CheckedRows, shapes: NDArray[np.object_], places: Locations
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the accepted rows as the store takes them, and their row numbers."""
    index = pd.Index(
        [code for code, ok in zip(draft.codes, draft.accepted, strict=True) if ok], name="code", dtype=object
    )
    kept = draft.frame[draft.accepted].drop(columns=["code"], errors="ignore").set_axis(index)
    kept = kept.rename(columns=stored_name)
    if "parent_code" in LINKS.get(draft.layer, {}) and (places.is_stated or "parent_code" in kept.columns):
        parents = [parent for parent, ok in zip(draft.parents, draft.accepted, strict=True) if ok]
        kept["parent_code"] = pd.Series(parents, index=index, dtype=object)
    if "parent_code" not in draft.frame.columns:
        draft.kept["parent_code"] = {place for place, parent in enumerate(draft.parents) if parent is None}
    stays = {f: [str(draft.codes[p]) for p in places if draft.accepted[p]] for f, places in draft.kept.items()}
    kept = with_stored(kept, draft.stored.layer(draft.layer), stays)
    if "name" in kept.columns:
        kept["name"] = kept["name"].fillna("")
    rows = pd.Series(np.array(draft.rows)[draft.accepted], index=index, name="row")
    if not places.is_stated:
        return kept, rows
    kept["geom"] = gpd.GeoSeries(shapes[draft.accepted], index=index, crs=STORED_CRS)
    return gpd.GeoDataFrame(kept, geometry="geom"), rows


def _topology(frame: pd.DataFrame, layer: Layer) -> Topology | None:
    """Return overlaps and gaps between accepted zones; estates do not fill the ground, so they are left out."""
    if layer not in ZONE_LAYERS[:-1] or not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        return None
    return check_topology(project(frame.geometry))
