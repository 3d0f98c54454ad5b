"""The map beside the board: communities by their open seats in the chosen shift, on the chosen day, or in all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import show_heading
from dashboard.map.bridge import show_map
from dashboard.map.folium_maps import Marks, make_payload, paint_script
from dashboard.pages.roster import actions
from dashboard.pages.roster.board import day_words
from dashboard.pages.roster.slot_bars import shown_slot
from dashboard.streamlit import state
from geo.coverage import Status
from geo.schema import Layer
from services.i18n import _
from services.rostering import RosterBoard
from services.rostering.duty_words import hour_words
from services.rules.classes import MapLayer, ZoneClasses, classify, make_scale
from services.rules.roster.slots import SlotFigures
from services.rules.windows import Window

_FIRST_HEIGHT: Final = 420
"""Pixels until the style sheet gives the frame its height."""
_LARGEST_SHARE: Final = 0.5
"""The last limit of a gap lies at this share of the need."""


def show_roster_map(board: RosterBoard, communities: Mapping[str, str], community: str) -> None:
    """Show the communities of a roster by open seats, where there are several; a click opens one on the board."""
    if len(communities) < 2:
        return
    slot = shown_slot(board, community)
    day = state.saved_value(actions.DAY) if community else None
    windows = {each.window for each in board.slots[""] if _is_shown(each.window, slot, day)}
    show_heading(_("Open seats by community"), _time_words(slot, day))
    drawn = cache.communities_map()
    classes = open_classes(board, list(cache.layer_frame(Layer.COMMUNITIES).index), windows)
    with st.container(key="rostermap"):
        show_map(
            drawn, _script(classes, community), height=_FIRST_HEIGHT, on_pick=lambda: _pick(drawn.key, communities)
        )


def open_classes(board: RosterBoard, codes: Sequence[str], windows: Collection[Window]) -> ZoneClasses:
    """Return the classes of communities by open seats in some shifts, each with its number of them.

    The limits go up to the seats that a community has in so many shifts on average: the colours of one shift can be
    compared with those of another.

    Parameters
    ----------
    codes
        Of the communities, in the order of the map.
    windows
        The shifts.
    """
    rows = [_community_row(board.slots.get(code, ()), windows) for code in codes]
    table = pd.DataFrame(rows, index=list(codes), columns=["seats", "need", "met", "gap"], dtype=float)
    table["surplus"] = 0.0
    table["status"] = [_status(gap, seats) for _all, seats, _filled, gap in rows]
    usual = table["seats"] * len(windows) / max(len(board.slots[""]), 1)
    scale = make_scale(MapLayer.GAP, pd.DataFrame({"need": usual / _LARGEST_SHARE}), Layer.COMMUNITIES)
    return replace(classify(scale, table), figures=tuple(table["gap"].tolist()))


def _community_row(slots: Sequence[SlotFigures], windows: Collection[Window]) -> tuple[int, int, int, int]:
    """Return the seats of all shifts, and seats, filled and open ones of some."""
    own = [slot for slot in slots if slot.window in windows]
    seats, filled = sum(each.seats for each in own), sum(each.filled for each in own)
    return sum(each.seats for each in slots), seats, filled, seats - filled


def _status(gap: int, seats: int) -> Status:
    if not seats:
        return Status.NO_NEED
    return Status.WEAK if gap else Status.ENOUGH


def _is_shown(window: Window, slot: Window | None, day: date | None) -> bool:
    if slot is not None:
        return window == slot
    return day is None or window.start.date() == day


def _time_words(slot: Window | None, day: date | None) -> str:
    if slot is not None:
        return f"{day_words(slot.start.date())} {hour_words(slot)}"
    return day_words(day) if day else _("all shifts")


def _script(classes: ZoneClasses, community: str) -> str:
    level = Layer.COMMUNITIES.value
    choice: dict[str, Any] = {"key": community, "name": level if community else "", "code": community, "go": True}
    payload = make_payload({Layer.COMMUNITIES: classes}, Marks(), level=level, choice=choice)
    payload["levels"][level]["title"] = _("Open seats")
    return paint_script(payload)


def _pick(key: str, communities: Mapping[str, str]) -> None:
    """Open the community that was clicked on the map."""
    code = str(state.map_report(key).get("code") or "")
    if code in communities:
        state.keep(actions.COMMUNITY, code)
        actions.close_shift()
