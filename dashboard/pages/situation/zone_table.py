"""The same zones as a table: everything the map shows, for eyes that prefer rows and hands that prefer keys."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import cache
from dashboard.cache import CoverageView
from dashboard.kit.frames import show_choices
from dashboard.kit.words import LEVEL_NAMES, STATUS_NAMES
from dashboard.kit.zone_tree import inside
from dashboard.streamlit import session, state
from dashboard.streamlit.state import View
from geo.schema import ZONE_LAYERS, Layer
from services.coverage import by_gap, with_exact_members
from services.i18n import _, text
from services.rules.privacy import sees_small_counts
from services.rules.rounding import percents_met, round_table
from services.rules.small_counts import FEWEST_TOLD
from services.wording import people_text

_LEVEL: Final = "table-level"

COLUMNS: Final = {
    "name": text("Name"),
    "status": text("Status"),
    "share_met": text("Need met %"),
    "need": text("Need"),
    "met": text("Met"),
    "gap": text("Missing"),
    "surplus": text("To spare"),
    "supply": text("Supply"),
    "ratio": text("Coverage %"),
    "chance": text("Enough come %"),
    "members": text("Members"),
    "residents": text("Residents"),
    "density_per_1000": text("Members per 1,000"),
    "reach": text("Within reach per person needed"),
}


def choose_level(level: Layer) -> None:
    """Show the zones of a level when the table is shown next; meant for callbacks."""
    state.preset(_LEVEL, level.value)


def show_table(view: View, coverage_view: CoverageView) -> None:
    """Show the zones of a level as rows, worst first; choosing a row chooses the zone on the map."""
    levels = [layer for layer in reversed(ZONE_LAYERS) if len(coverage_view.tables[layer])]
    names = [layer.value for layer in levels]
    if state.widget_value(_LEVEL) not in names:
        state.preset(_LEVEL, Layer.GRIDS.value if Layer.GRIDS in levels else names[0])
    level = str(
        st.segmented_control(
            _("Level"),
            names,
            key=_LEVEL,
            required=True,
            format_func=lambda name: _(LEVEL_NAMES[Layer(name)]),
            label_visibility="collapsed",
        )
    )
    table = by_gap(cache.coverage_inputs(), _scope(view, coverage_view, Layer(level)), Layer(level))
    is_told = sees_small_counts(session.actor())
    rows = table_rows(with_exact_members(cache.coverage_inputs(), Layer(level), table) if is_told else table)
    columns = {column: _column(column) for column in COLUMNS}
    if not is_told:
        rows = without_few(rows)
        name = COLUMNS["members"]
        columns["members"] = st.column_config.TextColumn(_(name), width="small", alignment="right")

    def choose(code: str | None) -> None:
        if code:
            state.choose_zone(level, code)

    show_choices(rows, key=f"zones-table-{level}", height=420, on_choose=choose, column_config=columns)


def without_few(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of ``table_rows`` in which one or two members are told as "<3"."""
    few = rows["members"].gt(0) & rows["members"].lt(FEWEST_TOLD)
    told = rows.assign(members=rows["members"].map(people_text))
    return told.assign(density_per_1000=rows["density_per_1000"].mask(few))


def table_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return a coverage table as people read it: statuses in words, shares in per cent, persons rounded."""
    rows = table[list(COLUMNS)].copy()
    rows["name"] = table["name"].where(table["name"].fillna("") != "", table.index)
    rows["status"] = [_(STATUS_NAMES[str(status)]) for status in rows["status"]]
    for column in ("share_met", "ratio"):
        rows[column] = percents_met(rows[column])
    rows["chance"] = (100 * rows["chance"]).round()
    rows = rows.assign(**round_table(table).drop(columns="decimals"))
    if rows["ratio"].isna().all():
        rows["supply"] = np.nan
    rows["density_per_1000"] = rows["density_per_1000"].astype(float).round(1)
    rows["reach"] = rows["reach"].astype(float).round(2)
    return rows


def _column(name: str) -> ColumnConfig:
    if name in {"name", "status"}:
        return st.column_config.TextColumn(_(COLUMNS[name]), width="medium" if name == "name" else "small")
    return st.column_config.NumberColumn(_(COLUMNS[name]), width="small")


def _scope(view: View, picture: CoverageView, level: Layer) -> pd.DataFrame:
    """Return the table of a level within the wide zone that is chosen, or all of it."""
    chosen, table = view.area_level, picture.tables[level]
    if chosen is None or ZONE_LAYERS.index(chosen) >= ZONE_LAYERS.index(level):
        return table
    return table[table.index.isin(inside(picture.tables, chosen, view.area_code, level))]
