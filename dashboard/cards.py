"""Beside the map: who is short of people, and the card of the zone that is chosen."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard import drawn, session, state
from dashboard.cache import Picture
from dashboard.places import row_of
from dashboard.state import View
from dashboard.widgets import Bar, plain, show_bars, show_facts, show_heading, show_note
from dashboard.words import (
    ITEM_NAMES,
    LEVEL_NAMES,
    SOURCE_NAMES,
    balance_words,
    number,
    percent,
    zone_facts,
    zone_name,
)
from geo.schema import Layer
from services import analysis
from services.i18n import Text, _
from services.rules.privacy import sees_small_counts
from services.rules.windows import Mode, Window


def show_ranking(view: View, mode: Mode, window: Window) -> None:
    """Show the mixed estates that are short of people, those to help first in front, each with its reason.

    Where no estates are stored, or no mixed one is short, the weak grids stand in their place.
    """
    ranked = drawn.ranked(mode, window, view.zone_level, view.zone_code)
    has_estates = ranked.level is Layer.ESTATES
    heading = _("Mixed estates to reinforce") if has_estates else _("Grids to reinforce")
    show_heading(heading, _("{count} in all", count=ranked.count))
    if not ranked.count:
        show_note(
            _("No mixed estate is short of people in this window.")
            if has_estates
            else _("No grid is short of people in this window.")
        )
        return
    with st.container(key="ranking", gap=None):
        for code, label in ranked.rows:
            chosen = (ranked.level.value, code)
            st.button(label, key=f"row-{code}", width="stretch", on_click=state.choose_zone, args=chosen)
    if ranked.count > len(ranked.rows):
        show_note(_("The table below has all {count}.", count=ranked.count))


def show_card(view: View, picture: Picture) -> None:
    """Show what is known of the chosen zone: need by item, supply by source, its estates, who can help."""
    level, code = view.zone_level, view.zone_code
    if level is None or code not in picture.tables[level].index:
        return
    with st.container(key="card"):
        _fill_card(picture, level, code)


def _fill_card(picture: Picture, level: Layer, code: str) -> None:
    row = row_of(picture.tables[level], code)
    with st.container(horizontal=True, vertical_alignment="center", key="card-head"):
        show_heading(zone_name(row), _(LEVEL_NAMES[level]))
        st.button(_("Close"), key="close-card", type="tertiary", on_click=state.choose_zone, args=("", ""))
    _show_balance(row)
    longest = max(float(row["need"] or 0), float(row["supply"] or 0), 0.0)
    _show_parts(_("Need by item"), row, ITEM_NAMES, longest, "need")
    _show_parts(_("Supply by source"), row, SOURCE_NAMES, longest, "supply")
    show_facts(zone_facts(row, is_exact=sees_small_counts(session.actor())))
    _show_nearest(picture, level, code)
    if level is Layer.GRIDS:
        _show_estates(picture, code)


def _show_balance(row: pd.Series) -> None:
    words = balance_words(row)
    tone = {"weak": "bad", "spare": "good"}.get(str(row["status"]), "even")
    ratio = _(
        "Coverage {ratio}: {supply} of {need} persons",
        ratio=percent(row["ratio"]),
        supply=number(row["supply"], 1),
        need=number(row["need"], 1),
    )
    st.html(f'<p class="gm-balance gm-{tone}"><b>{words}</b><span>{ratio}</span></p>')


def _show_parts(title: str, row: pd.Series, names: Mapping[str, Text], longest: float, tone: str) -> None:
    bars = []
    for column, name in names.items():
        value = row[column]
        if pd.isna(value) or (tone == "supply" and not value and column != "supply_members"):
            continue
        bars.append(Bar(_(name), number(value, 1), float(value) / longest if longest else 0.0, tone))
    if bars:
        show_bars(title, bars)


def _show_nearest(picture: Picture, level: Layer, code: str) -> None:
    ranking = {Layer.ESTATES: picture.ranking, Layer.GRIDS: picture.weak_grids}.get(level)
    if ranking is None or code not in ranking.index:
        return
    found = row_of(ranking, code)
    if pd.isna(found["nearest_m"]):
        return
    name = plain(str(found["nearest_name"] or found["nearest_code"]))
    distance = plain(analysis.distance_text(float(found["nearest_m"])))
    words = _("Nearest to spare: {name}, {distance}", name=name, distance=distance)
    giver = str(found["nearest_code"])
    st.button(words, key="nearest", width="stretch", on_click=state.choose_zone, args=(level.value, giver))


def _show_estates(picture: Picture, grid: str) -> None:
    estates = picture.tables[Layer.ESTATES]
    own = estates[estates["parent_code"] == grid].sort_values(["gap", "name"], ascending=[False, True])
    show_heading(_("Its estates"), str(len(own)))
    with st.container(key="estates", gap=None):
        for code, row in own.iterrows():
            label = f"**{plain(zone_name(row))}** `{balance_words(row)}`"
            st.button(
                label,
                key=f"estate-{code}",
                width="stretch",
                on_click=state.choose_zone,
                args=(Layer.ESTATES.value, str(code)),
            )
