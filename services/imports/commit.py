"""Writing what was staged, as a whole; and taking an import back, as a whole."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.schema import ZONE_LAYERS, Layer
from services.accounts import DemoEnd, end_demo_in
from services.assignment import Summary, people_inside, reassign
from services.catalog.actions import Action
from services.catalog.layers import LAYERS
from services.context import Context, Transaction, Work
from services.i18n import text
from services.imports.errors import ImportFileError, NeedDatumError, TakeBackError
from services.imports.options import ProgressMonitor
from services.imports.stage import SALT_FACT, versions_for
from services.imports.staged_import import StagedImport, make_report
from services.rules.areas import OutsideAreaError, Scope
from services.rules.headers import headers_sha256, match_headers
from services.rules.layer_names import LAYER_NAMES
from services.use_cases import use_case

ASSIGNED_BY: Final = frozenset({Layer.GRIDS, Layer.ESTATES, Layer.COMMUNITIES, Layer.MEMBERS})
"""Layers that decide on where members belong."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a commit did."""

    batch_id: int
    inserted: int
    replaced: int
    demo_end: DemoEnd | None = None
    """Where the store was a demo, which the import has ended."""
    summary: Summary | None = None
    """How the members stand now, where the import may have moved them."""


@use_case(Action.IMPORT, "{staged_import.layer.value}")
def commit(work: Work, staged_import: StagedImport, monitor: ProgressMonitor | None = None) -> ImportResult:
    """Write what was staged in one transaction: rows, the import's own row with its report, and how headers were read.

    Rows are written by code: new ones are added, known ones get the values of the columns that the file has, and what
    stood there is kept so that the import can be taken back. Where the layer decides on it, the members of the actor's
    area are assigned anew; what was settled by hand stays. In a demo the same transaction ends it (docs/adr/0024).

    Raises
    ------
    NeedDatumError
        If the datum was only assumed.
    ImportFileError
        If there is nothing to write, or the store has changed since the file was staged.
    OutsideAreaError
        If the file was checked for another area than the actor's.
    CancelledError
        If the user cancels on the way; the transaction is undone then.
    """
    monitor = monitor or ProgressMonitor()
    if staged_import.needs_datum:
        raise NeedDatumError(
            text("Say in which datum the coordinates are (wgs84, cgcs2000, gcj02 or bd09): nothing stored could tell")
        )
    if not staged_import.rows_accepted:
        raise ImportFileError(text("No row of the file can be taken; nothing was written"))
    monitor.step(text("Writing the rows"), 0.1)
    _refuse_outside(work.scope, staged_import)
    _refuse_stale(work.tx, staged_import)
    if work.tx.records.read_fact(SALT_FACT) is None:
        work.tx.records.write_fact(SALT_FACT, work.tx.sealed.seal(staged_import.stored_data.salt.hex()))
    batch_id = work.tx.records.add_batch(**_batch(staged_import), at=work.at, actor=work.actor.name)
    done = work.tx.upsert(staged_import.layer, staged_import.frame, batch_id=batch_id)
    work.tx.records.write_header_map(
        staged_import.layer, headers_sha256(staged_import.headers), _understanding(staged_import)
    )
    demo_end = end_demo_in(work)
    work.note(batch=batch_id, inserted=done.inserted, replaced=done.replaced)
    monitor.step(text("Putting the members into their grids"), 0.7)
    summary = _reassign(work, staged_import.layer)
    monitor.step(text("Putting the members into their grids"), 0.9)
    return ImportResult(batch_id, done.inserted, done.replaced, demo_end, summary)


@use_case(Action.TAKE_BACK, "{batch_id}")
def revert_import(work: Work, batch_id: int) -> Summary | None:
    """Undo an import as a whole: what it added goes, what it replaced comes back, members are assigned as before.

    Returns how the members stand now, None where the layer does not decide on it.

    Raises
    ------
    TakeBackError
        If there is no such import, it was taken back before, a later import has rewritten rows of it, or rows of
        other layers belong to zones or units that would go. Nothing is changed then.
    """
    layer = _layer_of(work.tx, batch_id)
    before = set(work.tx.codes_of_batch(layer, batch_id))
    _require_rows(work.context, work.tx, layer, before)
    rewritten = work.tx.codes_replaced_by_others(layer, batch_id)
    if rewritten:
        raise TakeBackError(
            text("A later import has rewritten {count} rows of this one; take that back first", count=len(rewritten))
        )
    work.tx.restore_replaced(layer, batch_id)
    _refuse_orphans(work.tx, layer, gone=before - set(work.tx.read_codes(layer)))
    work.tx.records.mark_taken_back(batch_id, work.at)
    work.note(batch=batch_id, rows=len(before))
    return _reassign(work, layer)


def _reassign(work: Work, layer: Layer) -> Summary | None:
    return reassign(work, work.context.scope_after_writing(work.tx)) if layer in ASSIGNED_BY else None


def read_batches(context: Context) -> pd.DataFrame:
    """Return every import, newest first, indexed by ``id`` (columns: ``services/store/tables.py``, ``batches``).

    Who is in charge of a part sees the imports whose rows are all inside, and their own.
    """
    with context.look(Action.IMPORT) as tx:
        batches, scope = tx.records.read_batches(), context.scope_in(tx)
        if scope.is_everything:
            return batches
        shown = [
            batch["actor"] == context.actor.name or _is_inside(context, tx, Layer(batch["layer"]), number)
            for number, batch in zip(batches.index.tolist(), batches.to_dict("records"), strict=True)
        ]
        return batches.loc[np.array(shown, dtype=bool)]


def count_rows(context: Context) -> dict[Layer, int]:
    """Return how many rows each layer has inside the actor's area; those of units, roads and water are nobody's."""
    with context.look(Action.IMPORT) as tx:
        scope = context.scope_in(tx)
        if scope.is_everything:
            return {layer: tx.count(layer) for layer in Layer}
        inside = {layer: len(scope.codes.get(layer, ())) for layer in (*ZONE_LAYERS, Layer.TEAMS, Layer.POSTS)}
        inside[Layer.MEMBERS] = len(people_inside(context, tx))
        return {layer: inside[layer] if layer in inside else tx.count(layer) for layer in Layer}


def _is_inside(context: Context, tx: Transaction, layer: Layer, batch_id: int) -> bool:
    codes = tx.codes_of_batch(layer, batch_id)
    return bool(codes) and not outside_of(context, tx, layer, codes)


def _require_rows(context: Context, tx: Transaction, layer: Layer, codes: Collection[str]) -> None:
    outside = outside_of(context, tx, layer, codes)
    if outside:
        raise OutsideAreaError(outside)


def outside_of(context: Context, tx: Transaction, layer: Layer, codes: Collection[str]) -> list[str]:
    """Return those of some codes of a layer that lie outside the actor's area, sorted."""
    scope = context.scope_in(tx)
    if scope.is_everything:
        return []
    inside = set(people_inside(context, tx).index) if layer is Layer.MEMBERS else scope.codes.get(layer, frozenset())
    return sorted(set(codes) - inside)


def _refuse_outside(scope: Scope, staged: StagedImport) -> None:
    if not scope.is_everything and staged.stored_data.scope.area != scope.area:
        raise OutsideAreaError(str(code) for code in staged.frame.index)


def _understanding(staged: StagedImport) -> dict[str, str]:
    """Return field to header as the user left it; a field that we would have found and the user took away is empty."""
    ours = match_headers(staged.headers, staged.layer).columns
    return {**dict.fromkeys(ours, ""), **staged.mapping.columns}


def _refuse_stale(tx: Transaction, staged: StagedImport) -> None:
    if staged.stored_data.versions and staged.stored_data.versions != versions_for(tx, staged.layer):
        raise ImportFileError(text("The stored data have changed since the file was checked; check it again"))


def _batch(staged: StagedImport) -> dict[str, object]:
    return {
        "layer": staged.layer.value,
        "file_name": staged.file_name,
        "file_sha256": staged.file_sha256,
        "datum": staged.datum.datum.value if staged.datum.datum else None,
        "rows_read": staged.rows_read,
        "rows_accepted": staged.rows_accepted,
        "rows_rejected": staged.rows_rejected,
        "report": json.dumps(make_report(staged), ensure_ascii=False),
    }


def _layer_of(tx: Transaction, batch_id: int) -> Layer:
    batches = tx.records.read_batches()
    if batch_id not in batches.index:
        raise TakeBackError(text("There is no import with the number {number}", number=batch_id))
    batch = batches.loc[batch_id]
    if pd.notna(batch["taken_back_at"]):
        raise TakeBackError(text("This import was taken back before ({at})", at=str(batch["taken_back_at"])))
    return Layer(str(batch["layer"]))


def _refuse_orphans(tx: Transaction, layer: Layer, gone: set[str]) -> None:
    """Refuse where rows of other layers name what would go; the exception undoes the transaction.

    Raises
    ------
    TakeBackError
        Then.
    """
    for other, spec in LAYERS.items():
        for field in (f for f, target in spec.links.items() if target is layer and gone):
            stated = tx.read_layer(other, columns=[field])[field].dropna()
            count = sum(not gone.isdisjoint(str(codes).split(";")) for codes in stated)
            if count:
                raise TakeBackError(
                    text(
                        "{count} rows of {layer} belong to what this import added; take their import back first",
                        count=count,
                        layer=LAYER_NAMES[other],
                    )
                )
