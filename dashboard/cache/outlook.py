"""How things stand in the windows that have a name, side by side."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from dashboard.cache.by_version import by_version
from dashboard.cache.coverage import coverage_inputs, people_sent_in
from dashboard.cache.store_versions import of_shown
from dashboard.kit.zone_tree import inside
from dashboard.streamlit import session
from geo.schema import ZONE_LAYERS, Layer
from services import coverage
from services.catalog.actions import Action
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
    return tuple(Prospect(name, each, _figures(mode, each, level, code)) for name, each in windows.items())


# Under 1 KB each.
@by_version(of_shown, most=1_024, within=Action.VIEW_COVERAGE)
def _figures(mode: Mode, window: Window, level: Layer | None, code: str) -> Headlines:
    grids = _grids(mode, window)
    if level is None:
        return coverage.headline_figures(grids)
    facts = {layer: coverage_inputs().levels[layer].facts for layer in ZONE_LAYERS}
    return coverage.headline_figures(grids[grids.index.isin(inside(facts, level, code, Layer.GRIDS))])


# 1.5 MB each for 20,000 grids, 5 ms to make.
@by_version(of_shown, most=48, within=Action.VIEW_COVERAGE)
def _grids(mode: Mode, window: Window) -> pd.DataFrame:
    sent = people_sent_in(session.server(), window)
    return coverage.grid_balance(coverage_inputs(), mode, window, sent)
