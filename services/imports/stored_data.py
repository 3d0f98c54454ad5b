"""What the store holds that an import compares itself with, and staging a file against it."""

import secrets
from typing import Final

import pandas as pd

from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from services.catalog.actions import Action
from services.catalog.layers import LAYERS
from services.context import Context, Transaction
from services.i18n import text
from services.imports.check.links import LINKS
from services.imports.options import Options, ProgressMonitor, StoredData
from services.imports.read.files import read_table
from services.imports.read.upload import Upload
from services.imports.stage import stage_table
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
    monitor.step(text("Reading the file"), 0.0)
    table = read_table(
        upload, layer, encoding=options.encoding, layer_name=options.layer_name, sheet=options.sheet, monitor=monitor
    )
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


def _needed(layer: Layer) -> tuple[Layer, ...]:
    linked = LINKS.get(layer, {}).values()
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


def versions_for(tx: Transaction, layer: Layer) -> dict[str, int]:
    """Return the versions of the layers that an import into a layer depends on."""
    versions = tx.versions()
    return {each.value: versions.get(each.value, 0) for each in _needed(layer)}
