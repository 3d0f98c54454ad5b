"""In which datum the coordinates are: what was found, how sure that is, and the user's word on it."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.kit.field_words import DATUM_NAMES, SHORT_DATUMS, datum_sentence
from dashboard.kit.widgets import Bar, plain, show_bars, show_heading, show_note
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportDraft
from dashboard.streamlit import state
from geo.schema import Datum
from services.i18n import _
from services.imports import AxisSwap, StagedImport
from services.wording import number

AUTO: Final = "auto"
_KEY: Final = "import-datum"


def show_datum(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Show which datum is used, how the four compare, and the choice."""
    use = staged_import.datum
    show_heading(_("Datum"), SHORT_DATUMS[use.datum.value] if use.datum and use.is_settled else "")
    if use.datum is None:
        show_note(datum_sentence(use))
        return
    if not use.is_settled:
        st.warning(plain(datum_sentence(use)))
    else:
        show_note(datum_sentence(use))
    if use.agrees_better is not None:
        better = SHORT_DATUMS[use.agrees_better.value]
        st.warning(
            plain(_("What is stored fits {datum} clearly better. Look at the map before you import.", datum=better))
        )
    state.preset(_KEY, draft.options.datum.value if draft.options.datum else AUTO)
    st.selectbox(
        _("Datum"),
        [AUTO, *(datum.value for datum in Datum)],
        key=_KEY,
        format_func=_choice_name,
        filter_mode=None,
        label_visibility="collapsed",
        on_change=_choose,
    )
    if use.scores:
        show_bars(_("Agreement with what is stored"), datum_bars(staged_import))


def datum_bars(staged_import: StagedImport) -> list[Bar]:
    """Return how well each datum agrees with what is stored, best first."""
    scores = staged_import.datum.scores or {}
    best = sorted(scores.items(), key=lambda item: -item[1])
    return [
        Bar(
            SHORT_DATUMS[datum.value],
            f"{100 * score:.1f}%",
            score,
            "supply" if datum is staged_import.datum.datum else "plain",
        )
        for datum, score in best
    ]


def show_swap(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Offer to swap longitude and latitude where that explains what is wrong; tell where it was done."""
    if draft.options.swap is AxisSwap.APPLY:
        said = _("Longitude and latitude were swapped where that puts a row right.")
        _offer(st.info, said, _("Leave them as they are"), AxisSwap.REPORT)
    elif staged_import.swap_explains:
        count = number(staged_import.swap_explains)
        said = _("{count} rows have longitude and latitude swapped.", count=count)
        _offer(st.warning, said, _("Swap them in {count} rows", count=count), AxisSwap.APPLY)


def _offer(show: Callable[[str], object], said: str, label: str, swap: AxisSwap) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="swap-box"):
        show(plain(said))
        st.button(label, key="swap", on_click=flow.change_options, kwargs={"swap": swap})


def _choice_name(value: str) -> str:
    return _("Let the program find out") if value == AUTO else _(DATUM_NAMES[Datum(value)])


def _choose() -> None:
    chosen = state.widget_value(_KEY)
    if chosen is not None:
        flow.change_options(datum=None if chosen == AUTO else Datum(chosen))
