"""Coverage: the situation in a window and mode, inside an area."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pandas as pd
import streamlit as st

from dashboard.cache.server_context import ALL, acting, own_area, scope_of
from dashboard.cache.store_versions import data_version, made_from, shown_version
from dashboard.streamlit import session
from geo.schema import Layer
from services import coverage, planning
from services.catalog.actions import Action
from services.context import Context
from services.coverage import ComparisonFrame, CoverageInputs, Headlines, SentPeople
from services.planning import Precedents
from services.rules.areas import parse_area
from services.rules.classes import MapLayer, Scale, make_scales
from services.rules.windows import Mode, Window, hours_ahead


@dataclass(frozen=True, slots=True)
class CoverageView:
    """The situation in a window and mode, inside an area. Shared: never change its frames."""

    tables: Mapping[Layer, pd.DataFrame]
    references: tuple[ComparisonFrame, ...]
    """What the figures are compared with."""
    headlines: Headlines
    ranking: pd.DataFrame
    """``coverage.underserved`` of the estates."""
    weak_grids: pd.DataFrame
    """``coverage.underserved`` of the grids."""


@dataclass(frozen=True, slots=True)
class ViewKey:
    """What is shown of the situation: what counts for all that is made from a picture. For keys of caches."""

    source: str
    version: tuple[int, int]
    area: str
    mode: Mode
    window: Window


def view_key(mode: Mode, window: Window) -> ViewKey:
    """Return the present key of a picture."""
    return ViewKey(made_from(), shown_version(), own_area(Action.VIEW_COVERAGE), mode, window)


def coverage_inputs() -> CoverageInputs:
    """Return what coverage of the area of whoever looks is computed from."""
    return inputs_of_area(own_area(Action.VIEW_COVERAGE))


def inputs_of_area(area: str) -> CoverageInputs:
    """Return what coverage of an area (``services.rules.areas``, as text) is computed from."""
    return _coverage_inputs(made_from(), data_version(), area)


def coverage_view(mode: Mode, window: Window) -> CoverageView:
    """Return the situation in a window."""
    return view_of_area(own_area(Action.VIEW_COVERAGE), mode, window)


def view_of_area(area: str, mode: Mode, window: Window) -> CoverageView:
    """Return the same of an area (``services.rules.areas``, as text)."""
    return _shared_view(ViewKey(made_from(), shown_version(), area, mode, window))


def cold_spots(mode: Mode, window: Window) -> pd.DataFrame:
    """Return the table of grids with cold spots; slower than the rest, so only made when it is shown."""
    return _cold_spots(
        made_from(), shown_version(), own_area(Action.VIEW_COVERAGE), mode.value, window.start, window.end
    )


def scales(layer: MapLayer, mode: Mode, window: Window) -> Mapping[Layer, Scale]:
    """Return the classes of a map layer at each level."""
    return make_scales(layer, coverage_view(mode, window).tables)


def weak_by_hour(mode: Mode, now: datetime, zone: str = "") -> pd.DataFrame:
    """Return the number of weak grids in each of the next 72 hours: ``start end weak``.

    Parameters
    ----------
    mode
        The norms.
    now
        The first hour.
    zone
        ``level:code`` of a zone inside the area of whoever looks; empty is the whole area.

    Raises
    ------
    OutsideAreaError
        If the zone lies outside.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    asking = acting(Action.VIEW_COVERAGE)
    if zone:
        inner = parse_area(zone)
        asking.scope(Action.VIEW_COVERAGE).require(Layer(str(inner.layer)), [inner.code])
        asking = asking.within(inner)
    return _weak_by_hour(made_from(), shown_version(), str(asking.actor.area), mode.value, hour, asking)


def reasons(ranking: pd.DataFrame) -> list[str]:
    """Return why each of some under-served zones stands in its ranking, in the current language."""
    norms = coverage_inputs().norms
    return [coverage.reason_text(row, norms) for _code, row in ranking.iterrows()]


@lru_cache(maxsize=64)
def _shared_view(key: ViewKey) -> CoverageView:
    """Return the same as ``_coverage_view``, which one thread makes: finding it there takes 300 times as long."""
    return _coverage_view(key.source, key.version, key.area, key.mode.value, key.window.start, key.window.end)


@st.cache_resource(max_entries=24, show_spinner=False)
def _coverage_inputs(source: str, version: int, area: str) -> CoverageInputs:
    if area != ALL:
        return coverage.inputs_within(_coverage_inputs(source, version, ALL), scope_of(area))
    return coverage.load_inputs(session.server())


@st.cache_resource(max_entries=64, show_spinner=False)
def _coverage_view(
    source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime
) -> CoverageView:
    window = Window(start, end)
    if area != ALL:
        whole = _coverage_view(source, version, ALL, mode, start, end)
        tables: Mapping[Layer, pd.DataFrame] = coverage.tables_within(whole.tables, scope_of(area))
    else:
        tables = coverage.coverage_tables(inputs_of_area(ALL), Mode(mode), window, _sent(window))
    now, past = inputs_of_area(area), _past(source, version, window)
    references = planning.references_of(now, Mode(mode), past)
    headlines = coverage.headline_figures(tables[Layer.GRIDS], [each.grids for each in references])
    short = (coverage.underserved(now, tables[layer], layer) for layer in (Layer.ESTATES, Layer.GRIDS))
    return CoverageView(tables, references, headlines, *short)


@st.cache_resource(max_entries=64, show_spinner=False)
def _past(source: str, version: tuple[int, int], window: Window) -> Precedents:
    """Return what is known of earlier days, for everybody: nobody's orders are told from it."""
    del source, version
    return planning.read_precedents(session.server(), inputs_of_area(ALL).norms, window)


@st.cache_resource(max_entries=16, show_spinner=False)
def _cold_spots(
    source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime
) -> pd.DataFrame:
    if area != ALL:
        return scope_of(area).limit(Layer.GRIDS, _cold_spots(source, version, ALL, mode, start, end))
    return coverage.add_cold_spots(
        inputs_of_area(ALL), _coverage_view(source, version, ALL, mode, start, end).tables[Layer.GRIDS]
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _weak_by_hour(
    source: str, version: tuple[int, int], area: str, mode: str, now: datetime, _asking: Context
) -> pd.DataFrame:
    del source, version
    ahead = hours_ahead(now)
    orders = planning.orders_between(_asking, Window(ahead[0].start, ahead[-1].end))
    sent = planning.sent_by_hour(orders, ahead) if orders else ()
    there = coverage.inputs_within(inputs_of_area(ALL), scope_of(area))
    return coverage.count_weak_by_hour(there, Mode(mode), now, sent=sent)


def _sent(window: Window) -> SentPeople:
    return planning.sent_during(session.server(), window)
