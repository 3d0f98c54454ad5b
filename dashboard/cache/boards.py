"""What planning looks at, and what the browser needs of it."""

from dataclasses import replace
from datetime import datetime

import streamlit as st

from dashboard import session
from dashboard.cache.coverage import basis_of
from dashboard.cache.office import office_of, own_area
from dashboard.cache.present import made_from, shown_version
from dashboard.data.shelf import SHELF
from dashboard.reinforce.ground import pack_ground
from services import planning
from services.planning import Board
from services.rules.windows import Mode, Window


def board(mode: Mode, window: Window) -> Board:
    """Return what planning looks at in a window; its clock stands at the present."""
    there = _board(made_from(), shown_version(), own_area(), mode.value, window.start, window.end)
    return replace(there, now=session.server().clock())


def ground_url(mode: Mode, window: Window) -> str:
    """Return where the browser fetches what it needs to answer a drag over the map by itself."""
    return _ground_url(made_from(), shown_version(), own_area(), mode.value, window.start, window.end)


# 2 MB each for 2,000 grids, 0.4 MB for what the browser fetches: 64 are four windows of sixteen areas, 150 MB at most.
@st.cache_resource(max_entries=64, show_spinner=False)
def _board(source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime) -> Board:
    del source, version
    return planning.load_board(office_of(area), basis_of(area), Window(start, end), Mode(mode))


@st.cache_resource(max_entries=64, show_spinner=False)
def _ground_url(source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime) -> str:
    return SHELF.put(pack_ground(_board(source, version, area, mode, start, end)), area)
