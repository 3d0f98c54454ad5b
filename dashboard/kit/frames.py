"""Tables that can be sorted and chosen from, without the words Streamlit has in English only."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.kit.widgets import show_note
from services.i18n import _
from services.wording import UNKNOWN


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
