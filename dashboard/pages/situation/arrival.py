"""What a page makes of the address it was opened with: what can be kept is kept, what cannot is said in a sentence."""

from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain
from dashboard.kit.words import LEVEL_NAMES
from dashboard.kit.zone_tree import Tables, common_zone
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from geo.schema import WIDE_LAYERS, Layer
from services.i18n import _

_LONGEST: Final = 40


def settle_view(view: View, tables: Tables) -> View:
    """Return a view of zones that are there, and write it into the address; what is dropped is noted."""
    settled = view_within(view, tables)
    if settled.zone != view.zone and view.zone:
        state.note_unread("zone", view.zone)
    if settled != view:
        state.write_view(settled)
    return settled


def view_within(view: View, tables: Tables) -> View:
    """Return a view whose zone is there and whose area holds it.

    Parameters
    ----------
    view
        As the address has it.
    tables
        Frames of every level indexed by code, of the zones that whoever looks may see.
    """
    zone = _there(tables, view.zone_level, view.zone_code)
    within = _there(tables, view.area_level, view.area_code)
    if zone is None:
        return replace(view, zone=_word(within), within="")
    if zone[0] in WIDE_LAYERS:
        return view
    common = common_zone(tables, within, zone) if within else None
    return replace(view, within=_word(common))


def show_unread() -> None:
    """Say what of the address could not be shown, and what is shown instead."""
    parts = dict(state.unread())
    zone = parts.pop("zone", "")
    if zone:
        st.warning(plain(_zone_words(zone)))
    if parts:
        named = "、".join(f"{name}={_short(value)}" for name, value in parts.items())
        words = _("The address holds what this page does not know; the default is shown: {parts}", parts=named)
        st.warning(plain(words))


def _zone_words(zone: str) -> str:
    level, _colon, code = zone.partition(":")
    if level not in set(LEVEL_NAMES):
        return _("The address names a zone that this page does not know: {zone}. All is shown.", zone=_short(zone))
    values = {"level": _(LEVEL_NAMES[Layer(level)]), "code": _short(code), "area": cache.own_area_name()}
    if values["area"]:
        return _(
            "The {level} {code} of the address is outside your area ({area}) or no longer there. Window, layer and "
            "place are as in the address; figures and lists are of the zone in bold above.",
            **values,
        )
    return _(
        "The {level} {code} of the address is not there (any more). Window, layer and place are as in the address; "
        "figures and lists are of the zone in bold above.",
        **values,
    )


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"


def _there(tables: Tables, level: Layer | None, code: str) -> tuple[Layer, str] | None:
    return (level, code) if level is not None and code in tables[level].index else None


def _word(zone: tuple[Layer, str] | None) -> str:
    return f"{zone[0].value}:{zone[1]}" if zone else ""
