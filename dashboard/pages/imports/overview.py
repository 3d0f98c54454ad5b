"""What is stored: the layers, the members and their grids, and the imports, each of which can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.kit.field_words import SHORT_DATUMS, layer_name
from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.streamlit import session, state
from dashboard.streamlit.fragments import keep_language
from geo.schema import ZONE_LAYERS, Layer
from services.assignment import Summary, read_summary
from services.coverage import communities_without_estates
from services.errors import ServiceError
from services.i18n import _, text
from services.imports import count_rows, read_batches, revert_import
from services.wording import full_time, number

NEVER: Final = "–"
MOST_IMPORTS: Final = 12
MOST_NAMES: Final = 5
REVERT_KEY: Final = "take-back-asked"
REFUSAL_KEY: Final = "take-back-refused"
REVERTED_KEY: Final = "taken-back"
SUMMARY_KEY: Final = "import-written"


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One line of the table of layers."""

    layer: Layer
    count: int
    at: str
    file_name: str
    datum: str
    version: int


def layer_facts(batches: pd.DataFrame, counts: Mapping[Layer, int], versions: Mapping[str, int]) -> list[LayerFacts]:
    """Return what is known of every layer.

    Parameters
    ----------
    batches
        Every import, newest first (``services.imports.read_batches``).
    counts
        How many rows each layer has.
    versions
        At which version each part changed last.
    """
    valid = batches[batches["taken_back_at"].isna()]
    last = {str(batch["layer"]): batch for _id, batch in valid.iloc[::-1].iterrows()}
    return [_facts(layer, last.get(layer.value), counts[layer], versions.get(layer.value, 0)) for layer in Layer]


def read_counts() -> dict[Layer, int]:
    """Return how many rows each layer has in the area of whoever looks."""
    return count_rows(cache.context())


def show_layers(batches: pd.DataFrame, counts: Mapping[Layer, int]) -> None:
    """Show the ten layers, and how the members are spread over the grids."""
    facts = [f for f in layer_facts(batches, counts, cache.versions()) if f.layer not in _wider_layers()]
    show_heading(_("What is stored"), _("Data version {version}", version=cache.data_version()))
    headers = [_("Layer"), _("Rows"), _("Last import"), _("From file"), _("Datum"), _("Version")]
    rows = [(layer_name(f.layer), number(f.count), f.at, f.file_name, f.datum, str(f.version or NEVER)) for f in facts]
    show_table(headers, rows, label=_("What is stored"), kind="layers")
    if counts[Layer.MEMBERS]:
        _show_members(read_summary(cache.context()))
    if cache.data_version() and (bare := communities_without_estates(cache.coverage_inputs())):
        st.warning(plain(bare_words(bare)))


def bare_words(names: Sequence[str]) -> str:
    """Return of which communities no estate is stored, and what comes of that."""
    shown = "、".join(names[:MOST_NAMES])
    words = (
        _("{count} communities have residents but no estates: {names} and others.", count=len(names), names=shown)
        if len(names) > MOST_NAMES
        else _("{count} communities have residents but no estates: {names}.", count=len(names), names=shown)
    )
    return words + _(
        "Their gates are not known, and what they need is told too low (Yayao: 11.5 people instead of 30). Import "
        "their estates."
    )


def _wider_layers() -> tuple[Layer, ...]:
    """Return the levels of zones above the area of whoever looks: none of theirs can lie inside."""
    own = session.actor().area.layer
    return ZONE_LAYERS[: ZONE_LAYERS.index(own)] if own in ZONE_LAYERS else ()


def member_sentence(summary: Summary) -> str:
    """Return the sum that always holds: located + unlocated = members."""
    return _(
        "Members: {located} located + {unlocated} unlocated = {members}",
        located=number(summary.located),
        unlocated=number(summary.unlocated),
        members=number(summary.members),
    )


def show_imports(batches: pd.DataFrame) -> None:
    """Show the imports, newest first, each with a button that takes it back."""
    show_heading(_("Imports"), _("{count} imports", count=number(len(batches))) if len(batches) else "")
    if batches.empty:
        show_note(_("Nothing was imported yet. What you import stands here and can be taken back."))
        return
    with st.container(key="imports", gap=None):
        for number_, batch in batches.head(MOST_IMPORTS).iterrows():
            _show_import(int(str(number_)), batch)
    if len(batches) > MOST_IMPORTS:
        show_note(_("The last {count} are shown.", count=MOST_IMPORTS))


def _facts(layer: Layer, batch: "pd.Series[Any] | None", count: int, version: int) -> LayerFacts:
    if batch is None:
        return LayerFacts(layer, count, NEVER, NEVER, NEVER, version)
    datum = batch["datum"]
    shown = SHORT_DATUMS.get(str(datum), NEVER) if isinstance(datum, str) else NEVER
    return LayerFacts(layer, count, time_words(str(batch["at"])), str(batch["file_name"]), shown, version)


def time_words(at: str) -> str:
    """Return a stored time as people read it.

    Examples
    --------
    >>> time_words("2026-11-23T08:05:09")
    '2026-11-23 08:05'
    """
    return full_time(datetime.fromisoformat(at))


def _show_members(summary: Summary) -> None:
    with st.container(horizontal=True, key="members-line", vertical_alignment="center"):
        show_note(member_sentence(summary))
        if summary.unlocated:
            st.page_link("pages/addresses/settle.py", label=_("Settle doubtful addresses"), width="content")


def _show_import(number_: int, batch: "pd.Series[Any]") -> None:
    is_gone = isinstance(batch["taken_back_at"], str)
    counts = _(
        "{read} read, {accepted} taken, {rejected} refused",
        read=number(float(str(batch["rows_read"]))),
        accepted=number(float(str(batch["rows_accepted"]))),
        rejected=number(float(str(batch["rows_rejected"]))),
    )
    layer = layer_name(Layer(str(batch["layer"])))
    at = _("taken back {at}", at=time_words(str(batch["taken_back_at"]))) if is_gone else time_words(str(batch["at"]))
    with st.container(horizontal=True, key=f"import-{number_}", vertical_alignment="center"):
        name = plain(str(batch["file_name"]))
        st.markdown(f"**{plain(layer)}** {name}  \n:small[{plain(at)}　{plain(counts)}]")
        if not is_gone:
            st.button(
                _("Take back"),
                key=f"take-back-{number_}",
                type="tertiary",
                on_click=_ask,
                args=(number_, layer, str(batch["file_name"]), int(str(batch["rows_accepted"]))),
            )


def _ask(number_: int, layer: str, file_name: str, rows: int) -> None:
    """Open the question. It is opened from a callback's mark, so that other runs of the page do not open it again."""
    state.keep(REVERT_KEY, (number_, layer, file_name, rows))
    state.forget(REFUSAL_KEY, REVERTED_KEY, SUMMARY_KEY)


def show_question() -> None:
    """Show the question whether an import is to be taken back, where somebody has asked for it."""
    asked = state.saved_value(REVERT_KEY)
    if asked:
        st.dialog(_("Take this import back?"), on_dismiss=_close)(keep_language(_question))(*asked)


def _question(number_: int, layer: str, file_name: str, rows: int) -> None:
    if state.saved_value(REVERT_KEY) is None:
        st.rerun()
    said = _(
        "{layer}, {file}: the {rows} rows it wrote go, and what they replaced comes back.",
        layer=layer,
        file=file_name,
        rows=number(rows),
    )
    st.markdown(plain(said))
    refused = state.saved_value(REFUSAL_KEY)
    if refused:
        st.error(plain(_(refused)))
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Keep it"), key="take-back-no", on_click=_close)
        st.button(
            _("Take back"),
            key="take-back-yes",
            type="primary",
            disabled=bool(refused),
            on_click=_take_back,
            args=(number_,),
        )


def _close() -> None:
    state.forget(REVERT_KEY, REFUSAL_KEY)


def _take_back(number_: int) -> None:
    context = cache.context()
    layer = Layer(str(read_batches(context).loc[number_, "layer"]))
    try:
        summary = revert_import(context, number_)
    except ServiceError as error:
        state.keep(REFUSAL_KEY, error.text)
        return
    _close()
    state.forget(SUMMARY_KEY)
    message = text("The import into {layer} was taken back.", layer=layer_name(layer))
    state.keep(REVERTED_KEY, (message, summary))


def batch_file(batches: pd.DataFrame, layer: Layer, sha256: str) -> tuple[int, str] | None:
    """Return number and time of the last import of the same file into the same layer that still holds, or None."""
    same = batches[(batches["layer"] == layer.value) & (batches["file_sha256"] == sha256)]
    same = same[same["taken_back_at"].isna()]
    return None if same.empty else (int(same.index[0]), time_words(str(same.iloc[0]["at"])))
