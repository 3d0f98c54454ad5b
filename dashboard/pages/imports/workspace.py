"""The second step: what the file would do, everything that can be put right, and the word that writes it."""

import streamlit as st

from dashboard import cache
from dashboard.frame.preview_map import draw_preview, put_layers
from dashboard.kit.field_words import PEOPLE, layer_name
from dashboard.kit.widgets import Tile, TileNote, plain, show_figures, show_heading, show_note
from dashboard.map.bridge import StaticMap, show_map
from dashboard.pages.imports import flow
from dashboard.pages.imports.changes import show_changes
from dashboard.pages.imports.chooser import show_notice
from dashboard.pages.imports.columns import show_columns
from dashboard.pages.imports.datum import show_datum, show_swap
from dashboard.pages.imports.draft import ImportDraft
from dashboard.pages.imports.overview import batch_file
from dashboard.pages.imports.problems import show_problems
from dashboard.pages.imports.reading import show_parts, show_reading, source_words
from dashboard.payloads.import_preview import ImportPreview, area_words
from dashboard.streamlit import session, state
from dashboard.web.blobs import BLOBS
from services.accounts import runs_demo
from services.i18n import _
from services.imports import StagedImport, read_batches
from services.wording import number

_MAP: str = "import-map"
_MAP_HEIGHT = 470
_ENDS_DEMO: str = "import-ends-demo"


def show_workspace(draft: ImportDraft) -> None:
    """Show everything about the file at work."""
    staged, fault = draft.staged_import, flow.fault()
    is_demo = runs_demo(session.server())
    _show_head(draft, is_demo=is_demo)
    if fault is not None:
        st.error(plain(_(fault)))
        if staged is not None:
            st.button(_("Look at the file again"), key="look-again", on_click=flow.look_again)
    show_notice()
    if staged is None or draft.table is None:
        with st.container(key="reading", horizontal=True, border=True):
            show_reading(draft)
        return
    if is_demo:
        _ask_to_end_demo()
    _show_seen_before(staged)
    left, right = st.columns([1.62, 1], gap="small")
    with left:
        show_figures(_figures(staged))
        show_swap(draft, staged)
        show_changes(draft, staged)
        _show_preview(draft, staged)
        with st.container(key="problems-box", gap="small"):
            show_problems(staged)
    with right, st.container(key="choices", gap="small"):
        if draft.table.source.choices:
            with st.container(border=True, key="parts-box"):
                show_parts(draft.table.source)
        with st.container(border=True, key="datum-box", gap="small"):
            show_datum(draft, staged)
        with st.container(border=True, key="columns-box", gap="small"):
            show_columns(draft, staged, draft.table)
        with st.expander(_("How the file is read"), key="reading-box"):
            show_reading(draft)


def summary_sentence(staged_import: StagedImport) -> str:
    """Return the sum that always holds: read = taken + refused."""
    return _(
        "{read} rows read, {accepted} can be imported, {rejected} refused",
        read=number(staged_import.rows_read),
        accepted=number(staged_import.rows_accepted),
        rejected=number(staged_import.rows_rejected),
    )


def can_write(staged_import: StagedImport) -> bool:
    """Return whether there is something to write and nothing left to ask."""
    return staged_import.rows_accepted > 0 and not staged_import.needs_datum


def _show_head(draft: ImportDraft, *, is_demo: bool) -> None:
    source = source_words(draft.table.source) if draft.table else ""
    staged = draft.staged_import
    with st.container(horizontal=True, vertical_alignment="center", key="import-head"):
        with st.container(gap=None):
            show_heading(_("Import {layer}: {file}", layer=layer_name(draft.layer), file=draft.upload.name), source)
            if staged is not None:
                st.markdown(plain(summary_sentence(staged)))
        st.button(_("Give up"), key="give-up", on_click=flow.give_up)
        if staged is not None:
            label = _("Import {count} rows", count=number(staged.rows_accepted))
            help_ = _("Choose the datum first") if staged.needs_datum else None
            disabled = not can_write(staged) or (is_demo and not state.widget_value(_ENDS_DEMO))
            st.button(label, key="write", type="primary", on_click=flow.write_it, disabled=disabled, help=help_)


def _ask_to_end_demo() -> None:
    """Say what the import of real data does to a demo, and ask for the word."""
    with st.container(key="ends-demo", border=True, gap="small"):
        st.warning(
            plain(
                _(
                    "This store is a demo. Importing into it ends the demo: its accounts are disabled, you will be "
                    "signed out, and what was made up stands beside your data. For real work make a new store. "
                    "Who goes on here first makes an account of their own, or “gridmuster user setup” afterwards."
                )
            )
        )
        st.checkbox(_("Import all the same and end the demo"), key=_ENDS_DEMO)


def _show_seen_before(staged: StagedImport) -> None:
    seen = batch_file(read_batches(cache.context()), staged.layer, staged.file_sha256)
    if seen is not None:
        said = _(
            "This very file was imported before ({at}, import {number}). Importing it again replaces the same rows."
        )
        st.info(plain(said.format(at=seen[1], number=seen[0])))


def _figures(staged: StagedImport) -> list[Tile]:
    counted = [
        Tile(_("Can be imported"), number(staged.rows_accepted), _("rows")),
        Tile(_("Refused"), number(staged.rows_rejected), _("rows")),
    ]
    found = staged.topology
    if found is None:
        return counted
    return [
        *counted,
        Tile(_("Overlaps"), number(len(found.overlaps)), _("places"), (TileNote(area_words(found.overlap_area_m2)),)),
        Tile(_("Gaps"), number(len(found.gaps)), _("places"), (TileNote(area_words(found.gap_area_m2)),)),
    ]


def _show_preview(draft: ImportDraft, staged: StagedImport) -> None:
    repaired = _("repaired: {names}", names="、".join(r.name or str(r.row) for r in staged.repairs[:5]))
    show_heading(_("Preview"), repaired if staged.repairs else "")
    if draft.preview is None:
        show_note(_no_map(staged))
        return
    with st.container(key="preview-box"):
        show_map(_map_of(draft.preview), "", height=_MAP_HEIGHT, on_pick=lambda: None)


def _map_of(preview: ImportPreview) -> StaticMap:
    """Return the map of a preview; it is made once for each look at the file, and again where its layers are gone."""
    known = state.saved_value(_MAP)
    if known is None or known[0] is not preview or not BLOBS.holds(known[1].values()):
        addresses = put_layers(preview)
        known = (preview, addresses, draw_preview(preview, addresses))
        state.keep(_MAP, known)
    drawn: StaticMap = known[2]
    return drawn


def _no_map(staged: StagedImport) -> str:
    if staged.layer in PEOPLE:
        return _("No map shows where a person lives. Once grids are stored, it shows how many members fall into each.")
    return _("No row of the file can be drawn.")
