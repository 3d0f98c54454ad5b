"""Everything about an import but the writing: read, understand, check, place, link, code, and say what was found.

Staging writes nothing. It can be repeated with other options until the user is content; ``commit`` then writes what
was staged.
"""

import secrets
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import project
from geo.schema import PARENT_LAYER, STORED_CRS, ZONE_LAYERS, Layer
from geo.topology import Topology, check_topology
from services.catalog.actions import Action
from services.catalog.layers import LAYERS
from services.context import Context, Transaction
from services.i18n import text
from services.imports.check.codes import give_codes
from services.imports.check.datums import choose_datum, shapes_in_wgs84
from services.imports.check.draft import CheckedRows, start_draft
from services.imports.check.homes import refuse_far, refuse_outside
from services.imports.check.links import fill_parents, link_columns
from services.imports.check.locations import Locations, place_rows
from services.imports.check.outlines import join_zones, keep_outlines
from services.imports.check.rows import fill_values
from services.imports.check.stored_values import (
    count_changes,
    keep_masked_values,
    keep_stored_values,
    stored_name,
    with_stored,
)
from services.imports.options import Options, ProgressMonitor, StoredData
from services.imports.read.table import RawTable
from services.imports.read.upload import Upload
from services.imports.sandbox.process import read_table
from services.imports.staged_import import StagedImport
from services.rules.headers import headers_sha256
from services.rules.people import SALT_BYTES

SALT_FACT: Final = "identity_salt"


def stage_file(
    context: Context, upload: Upload, layer: Layer, options: Options, monitor: ProgressMonitor | None = None
) -> StagedImport:
    """Return what an upload would write into the store; see ``stage_table``. Nothing is written.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used.
    CancelledError
        If the user cancels on the way.
    """
    monitor = monitor or ProgressMonitor()
    table = read_table(upload, layer, options, monitor)
    return stage_table(table, upload, layer, options, read_stored(context, layer, table.headers), monitor)


def read_stored(context: Context, layer: Layer, headers: tuple[str, ...] = ()) -> StoredData:
    """Return what an import into a layer compares itself with.

    Parameters
    ----------
    context
        Who imports, and where.
    layer
        What the rows are to become.
    headers
        The headers of the file, where they are known: how they were understood before comes with the answer.
    """
    with context.look(Action.IMPORT) as tx:
        frames = {each: tx.read_layer(each, columns=_columns(each)) for each in _needed(layer) if each is not layer}
        frames[layer] = _read_whole(tx, layer)
        salt = tx.sealed.open(tx.records.read_fact(SALT_FACT))
        remembered = tx.records.read_header_map(layer, headers_sha256(headers)) if headers else None
        versions, scope = versions_for(tx, layer), context.scope_in(tx)
    key = bytes.fromhex(salt) if salt else secrets.token_bytes(SALT_BYTES)
    return StoredData(frames, key, remembered or {}, versions, scope)


def versions_for(tx: Transaction, layer: Layer) -> dict[str, int]:
    """Return the versions of the layers that an import into a layer depends on."""
    versions = tx.versions()
    return {each.value: versions.get(each.value, 0) for each in _needed(layer)}


def stage_table(
    table: RawTable,
    upload: Upload,
    layer: Layer,
    options: Options,
    stored_data: StoredData,
    monitor: ProgressMonitor | None = None,
) -> StagedImport:
    """Return what would be written of a table that is read already, and what was found.

    Parameters
    ----------
    table
        The file as it was read.
    upload
        The file.
    layer
        What the rows are to become.
    options
        The user's choices.
    stored_data
        What the store holds (``read_stored``).
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
    draft = start_draft(table, layer, options, stored_data)
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
        mapping=draft.mapping,
        source=table.source,
        datum=datum,
        findings=tuple(sorted(draft.findings, key=lambda finding: finding.problem.row)),
        repairs=tuple(r for r in places.checked.repairs if r.row in taken),
        topology=topology,
        rows_read=len(table.frame),
        swap_explains=places.checked.swap_explains,
        stored_data=stored_data,
        changes=count_changes(frame, draft.before),
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
    if "parent_code" in LAYERS[draft.layer].links and (places.is_stated or "parent_code" in kept.columns):
        parents = [parent for parent, ok in zip(draft.parents, draft.accepted, strict=True) if ok]
        kept["parent_code"] = pd.Series(parents, index=index, dtype=object)
    if "parent_code" not in draft.frame.columns:
        draft.kept["parent_code"] = {place for place, parent in enumerate(draft.parents) if parent is None}
    stays = {f: [str(draft.codes[p]) for p in places if draft.accepted[p]] for f, places in draft.kept.items()}
    kept = with_stored(kept, draft.before, stays)
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


def _needed(layer: Layer) -> tuple[Layer, ...]:
    linked = LAYERS[layer].links.values()
    return tuple(dict.fromkeys((layer, *linked, PARENT_LAYER.get(layer, layer), *ZONE_LAYERS[:-1])))


def _read_whole(tx: Transaction, layer: Layer) -> pd.DataFrame:
    """Return every column of a layer, telephone numbers in clear: what a file would change is told before it does."""
    frame: pd.DataFrame = tx.read_layer(layer)
    if "phone" in frame.columns:
        phones = tx.sealed.open_phones(layer, frame.index)
        frame = frame.assign(phone=pd.Series(phones, dtype="str").reindex(frame.index))
    if layer is Layer.MEMBERS:
        days = tx.people.read_last_days()
        frame = frame.assign(keep_until=pd.Series(days, dtype="str").reindex(frame.index))
    return frame


def _columns(layer: Layer) -> tuple[str, ...]:
    """Return what staging needs of a layer that others are linked to: name, parent and shape of zones."""
    return ("name", "parent_code", "geom") if LAYERS[layer].field("parent_code") else ("name",)
