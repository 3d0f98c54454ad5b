"""The first step: for which layer, and which file."""

from collections.abc import Mapping

import streamlit as st

from dashboard.kit.field_words import layer_name
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportSummary
from dashboard.pages.imports.overview import REVERTED_KEY, SUMMARY_KEY, member_sentence
from dashboard.streamlit import session, state
from geo.schema import PARENT_LAYER, Layer
from services.i18n import _, text
from services.imports import importable_layers
from services.wording import number

LAYER_KEY = "import-layer"
DEMO_IS_OVER = text("The demo is over: {accounts} of its accounts were disabled; whoever used one is signed out.")


def show_chooser(counts: Mapping[Layer, int]) -> None:
    """Show the choice of layer and file; the file is looked at as soon as it is there."""
    offered = importable_layers(session.actor().area)
    with st.container(key="chooser", border=True):
        show_heading(_("Import a file"))
        if state.widget_value(LAYER_KEY) is None:
            state.preset(LAYER_KEY, next((layer for layer in offered if not counts[layer]), Layer.MEMBERS).value)
        chosen = st.selectbox(
            _("Layer"),
            [layer.value for layer in offered],
            key=LAYER_KEY,
            format_func=lambda name: layer_name(Layer(name)),
            filter_mode=None,
        )
        _show_order(Layer(str(chosen)), counts)
        st.file_uploader(
            _("File"),
            accept_multiple_files=True,
            key=flow.uploader_key(),
            on_change=flow.take_files,
            args=(LAYER_KEY, str(chosen)),
            label_visibility="collapsed",
        )
        show_note(
            _(
                "Read: GeoPackage, GeoJSON, Shapefile (zipped, or all its parts at once), FlatGeobuf, GeoParquet, KML,"
                " GPX, CSV, XLSX."
            )
        )
        show_note(_("Nothing is written before you say so."))


def show_result() -> None:
    """Say what the last import, or the last taking back, has done, or why it could not be done."""
    fault, written, taken = flow.fault(), state.saved_value(SUMMARY_KEY), state.saved_value(REVERTED_KEY)
    if fault is not None:
        st.error(plain(_(fault)))
    show_notice()
    if written is not None:
        st.success("  \n".join(plain(line) for line in written_lines(written)))
    if taken is not None:
        said, summary = taken
        st.success("  \n".join([plain(_(said)), *([plain(member_sentence(summary))] if summary else [])]))


def show_notice() -> None:
    """Say that work was stopped, where it was."""
    notice = state.saved_value(flow.NOTICE)
    if notice is not None:
        st.info(plain(_(notice)))


def written_lines(summary: ImportSummary) -> list[str]:
    """Return what an import did, line by line."""
    done = _(
        "{layer}: {inserted} rows added, {replaced} rows replaced, {rejected} refused.",
        layer=layer_name(summary.layer),
        inserted=number(summary.result.inserted),
        replaced=number(summary.result.replaced),
        rejected=number(summary.rejected),
    )
    ended = summary.result.demo_end
    done_lines = [done] if ended is None else [done, _(DEMO_IS_OVER, accounts=number(ended.accounts))]
    if summary.result.summary is None or not summary.result.summary.members:
        return done_lines
    return [*done_lines, _("The members were put into their grids anew."), member_sentence(summary.result.summary)]


def _show_order(layer: Layer, counts: Mapping[Layer, int]) -> None:
    above = PARENT_LAYER.get(layer)
    if above is not None and not counts[above]:
        show_note(
            _(
                "No {above} are stored yet; import them first, so that every row finds its place.",
                above=layer_name(above),
            )
        )
