"""How things stand in the windows that have a name, side by side."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pandas as pd
import streamlit as st

from dashboard.cache.coverage import ViewKey, inputs_of_area, view_key
from dashboard.kit.zone_tree import inside
from dashboard.streamlit import session
from geo.schema import ZONE_LAYERS, Layer
from services import coverage, planning
from services.coverage import Headlines
from services.rules.windows import Mode, NamedWindow, Window, name_window


@dataclass(frozen=True, slots=True)
class Prospect:
    """A window with a name and its figures."""

    name: NamedWindow
    window: Window
    figures: Headlines


def outlook(mode: Mode, now: datetime, level: Layer | None = None, code: str = "") -> tuple[Prospect, ...]:
    """Return every window that has a name, in their order, with the figures of a zone, or of the own area."""
    windows = {name: name_window(name, now) for name in NamedWindow}
    return tuple(Prospect(name, each, _figures(view_key(mode, each), level, code)) for name, each in windows.items())


# Under 1 KB each.
@lru_cache(maxsize=1_024)
def _figures(key: ViewKey, level: Layer | None, code: str) -> Headlines:
    grids = _grids(key.source, key.version, key.area, key.mode.value, key.window.start, key.window.end)
    if level is None:
        return coverage.headline_figures(grids)
    facts = {layer: inputs_of_area(key.area).levels[layer].facts for layer in ZONE_LAYERS}
    return coverage.headline_figures(grids[grids.index.isin(inside(facts, level, code, Layer.GRIDS))])


# 1.5 MB each for 20,000 grids, 5 ms to make.
@st.cache_resource(max_entries=48, show_spinner=False)
def _grids(source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime) -> pd.DataFrame:
    del source, version  # they are part of the key
    window = Window(start, end)
    sent = planning.sent_during(session.server(), window)
    return coverage.grid_balance(inputs_of_area(area), Mode(mode), window, sent)
