"""口径: how the figures are computed, in plain words, with every norm and its source."""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.widgets import plain
from services.i18n import _, text
from services.rules.norm_texts import list_norms

PARAGRAPHS = (
    (
        text("Need"),
        text(
            "Persons on duty at once that an estate needs = gate duty (gates × persons per gate) + door "
            "to door (households ÷ households per person; dearer where more than half are from elsewhere)"
            " + resident service + sanitation + publicity. Each norm depends on the mode, each item on "
            "the part of the day. Property management carries a stated share of gate duty and sanitation;"
            " a mixed estate gets none of that. A grid needs what its estates need, or is computed from "
            "its own residents where it has none."
        ),
    ),
    (
        text("Supply"),
        text(
            "Persons who can come in the window: the members of the grid, each weighted by the time they "
            "have. What a member has stated replaces the usual share; people who are sent here are added,"
            " people sent away are taken off."
        ),
    ),
    (
        text("Coverage, gap, surplus"),
        text(
            "Coverage = supply ÷ need. Below 100 % a zone is weak and the gap is what is missing; above "
            "it, the surplus can be lent. Wider zones add up the gaps and surpluses of their grids; one "
            "does not cancel the other. “Need met” above the map counts, grid by grid, the supply that is "
            "needed there, and divides by the whole need."
        ),
    ),
    (
        text("Reachability"),
        text(
            "Persons within reach on foot for each person needed, with decay by distance and the claims "
            "of neighbours counted (E2SFCA: Luo & Qi 2009)."
        ),
    ),
    (
        text("Cold spots"),
        text(
            "Groups of grids whose coverage is lower than chance would have it (Gi*: Ord & Getis 1995, by"
            " permutation, with false-discovery control)."
        ),
    ),
    (
        text("Under-served"),
        text(
            "Coverage below 100 % in this window and mode. Mixed estates (no property management, or "
            "mixed use with many from elsewhere) come first, then the larger gap."
        ),
    ),
)


def show_method() -> None:
    """Show how it is computed, then every norm with its value and source."""
    words, norms = st.columns([2, 3], gap="large")
    with words:
        for title, body in PARAGRAPHS:
            st.markdown(f"**{plain(_(title))}**  \n{plain(_(body))}")
    with norms:
        rows = [(_(row.section), _(row.name), row.value, row.source) for row in list_norms(cache.basis().norms)]
        st.dataframe(
            pd.DataFrame(rows, columns=[_("Part"), _("Norm"), _("Value"), _("Source")]),
            hide_index=True,
            height=520,
            column_config={_("Source"): st.column_config.TextColumn(width="large")},
        )
        st.caption(plain(_("The norms stand in data/norms.toml and can be changed there.")))
