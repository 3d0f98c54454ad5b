"""What planning looks at, and what the browser needs of it."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard.cache.coverage import inputs_of_area
from dashboard.cache.server_context import acting
from dashboard.cache.store_versions import data_version, made_from, shown_version
from dashboard.payloads.drag import pack_ground
from dashboard.streamlit.job import Job
from dashboard.web.blobs import BLOBS, Readers
from services import planning
from services.catalog.actions import Action
from services.context import Context
from services.planning import PlanningSnapshot
from services.rules.areas import parse_area
from services.rules.windows import Mode, Window


def planning_snapshot(mode: Mode, window: Window) -> PlanningSnapshot:
    """Return what planning looks at in a window; its clock stands at the present."""
    asking = acting(Action.PLAN)
    area = str(asking.actor.area)
    kept = _board(made_from(), shown_version(), area, mode.value, window.start, window.end, asking)
    return kept.at(asking.clock())


def ground_url(mode: Mode, window: Window) -> str:
    """Return where the browser fetches what it needs to answer a drag over the map by itself."""
    asking = acting(Action.PLAN)
    key = made_from(), shown_version(), str(asking.actor.area), mode.value, window.start, window.end
    address = _ground_url(*key, asking)
    if not BLOBS.holds([address]):
        _ground_url.clear(*key, asking)
        address = _ground_url(*key, asking)
    return address


def walk(mode: Mode, window: Window) -> Job[None, float]:
    """Return the work that finds the ways of a snapshot, one for all who wait; nobody can stop it."""
    key = made_from(), data_version(), str(acting(Action.PLAN).actor.area)
    there = planning_snapshot(mode, window)
    job = _walk(*key, there)
    if job.is_done and not there.knows_walks:
        _walk.clear(*key, there)  # it failed, or what it found was thrown away since
        job = _walk(*key, there)
    return job


# 2 MB each for 2,000 grids, 0.4 MB for what the browser fetches: 64 are four windows of sixteen areas, 150 MB at most.
@st.cache_resource(max_entries=64, show_spinner=False)
def _board(
    source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime, _asking: Context
) -> PlanningSnapshot:
    del source, version
    return planning.load_snapshot(_asking, inputs_of_area(area), Window(start, end), Mode(mode)).worked_out()


@st.cache_resource(max_entries=8, show_spinner=False)
def _walk(source: str, version: int, area: str, _board: PlanningSnapshot) -> Job[None, float]:
    del source, version, area

    def find(tell: Callable[[float], None], _is_cancelled: Callable[[], bool]) -> None:
        _board.find_walks(tell)

    return Job(find).start()


@st.cache_resource(max_entries=64, show_spinner=False)
def _ground_url(
    source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime, _asking: Context
) -> str:
    readers = Readers(parse_area(area), Action.PLAN)
    return BLOBS.put(pack_ground(_board(source, version, area, mode, start, end, _asking)), readers)
