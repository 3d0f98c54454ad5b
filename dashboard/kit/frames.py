"""Tables that can be sorted and chosen from, without the words Streamlit has in English only."""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.kit.widgets import show_note
from dashboard.streamlit import state
from services.i18n import _
from services.wording import UNKNOWN

_ROW_PX: Final = 33
_MOST_PX: Final = 600


def show_frame(rows: pd.DataFrame, **options: Any) -> None:
    """Show rows: a dash where nothing is known, and no column of which nothing is known in any row.

    Parameters
    ----------
    rows
        What people read; the index is not shown.
    options
        More of ``st.dataframe``.
    """
    if rows.empty:
        show_note(_("There is nothing to show."))
        return
    st.dataframe(rows.dropna(axis="columns", how="all"), hide_index=True, placeholder=UNKNOWN, **options)


def show_choices(rows: pd.DataFrame, *, key: str, on_choose: Callable[[str | None], None], **options: Any) -> None:
    """Show rows of which one can be chosen.

    Parameters
    ----------
    rows
        What people read, indexed by the codes of which one is chosen.
    key
        Another one for other rows, so that none of them is chosen.
    on_choose
        Given the code of the row that was chosen, None where it was let go of.
    options
        More of ``st.dataframe``.
    """

    def take() -> None:
        chosen = state.widget_value(key)["selection"]["rows"]
        on_choose(str(rows.index[chosen[0]]) if chosen else None)

    show_frame(rows, key=key, on_select=take, selection_mode="single-row", **options)


def frame_height(rows: pd.DataFrame) -> int:
    """Return the height in pixels that shows all rows, up to what fits on a page."""
    return min(_ROW_PX * (len(rows) + 1) + 3, _MOST_PX)
