"""Coverage: the situation in a window and mode, inside an area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pandas as pd

from dashboard.cache.by_version import by_version
from dashboard.cache.server_context import acting, context, own_area, scope_of
from dashboard.cache.store_versions import of_data, of_people, of_shown, presence
from dashboard.streamlit import session
from geo.schema import Layer
from services import coverage, planning
from services.catalog.actions import Action
from services.context import Context
from services.coverage import ComparisonFrame, CoverageInputs, Headlines, NormRange, SentPeople
from services.planning import Precedents, Presence
from services.rules.areas import EVERYWHERE, Area, parse_area
from services.rules.classes import MapLayer, Scale, make_scales
from services.rules.norms import working_calendar
from services.rules.windows import Mode, Window, hours_ahead, split_by_day_part

GRIDS_AT_ONCE: Final = 5_000
"""Up to so many, half a second or so, the range of what is assumed is told at once."""


@dataclass(frozen=True, slots=True)
class CoverageView:
    """The situation in a window and mode, inside an area. Shared: never change its frames."""

    tables: Mapping[Layer, pd.DataFrame]
    references: tuple[ComparisonFrame, ...]
    """What the figures are compared with; nothing where people count as they arrived: of other days nobody knows."""
    headlines: Headlines
    ranking: pd.DataFrame
    """``coverage.underserved`` of the estates."""
    weak_grids: pd.DataFrame
    """``coverage.underserved`` of the grids."""


def coverage_inputs() -> CoverageInputs:
    """Return what coverage of the area of whoever looks is computed from."""
    return inputs_of_area(own_area(Action.VIEW_COVERAGE))


@by_version(of_people, most=24)
def inputs_of_area(area: Area) -> CoverageInputs:
    """Return what coverage of an area is computed from."""
    if area != EVERYWHERE:
        return coverage.inputs_within(inputs_of_area(EVERYWHERE), scope_of(area))
    return coverage.with_rosters(session.server(), _bare_inputs())


# A change of a roster lays no ways between the grids anew.
@by_version(of_data, most=2)
def _bare_inputs() -> CoverageInputs:
    return coverage.load_bare(session.server())


def coverage_view(mode: Mode, window: Window) -> CoverageView:
    """Return the situation in a window."""
    return view_of_area(own_area(Action.VIEW_COVERAGE), mode, window)


@by_version(of_shown)
def view_of_area(area: Area, mode: Mode, window: Window) -> CoverageView:
    """Return the same of an area."""
    inputs = inputs_of_area(area)
    if area != EVERYWHERE:
        tables = coverage.tables_within(view_of_area(EVERYWHERE, mode, window).tables, scope_of(area))
    else:
        tables = coverage.coverage_tables(inputs, mode, window, people_sent_in(session.server(), window))
    references = planning.references_of(inputs, mode, _precedents(window)) if presence() is Presence.SENT else ()
    headlines = coverage.headline_figures(tables[Layer.GRIDS], [each.grids for each in references])
    short = (coverage.underserved(inputs, tables[layer], layer) for layer in (Layer.ESTATES, Layer.GRIDS))
    return CoverageView(tables, references, headlines, *short)


def people_sent_in(viewer: Context, window: Window) -> SentPeople:
    """Return who comes and goes in a window: as sent, or as far as it was reported."""
    if presence() is Presence.SENT:
        return planning.sent_during(viewer, window)
    return planning.people_present(planning.read_order_steps(viewer, window), window)


def cold_spots(mode: Mode, window: Window) -> pd.DataFrame:
    """Return the table of grids with cold spots; slower than the rest, so only made when it is shown."""
    return _cold_spots(own_area(Action.VIEW_COVERAGE), mode, window)


def norm_range(mode: Mode, window: Window) -> NormRange | None:
    """Return how totals and ranks depend on what the norms assume; None where there are too many grids to wait for."""
    area = own_area(Action.VIEW_COVERAGE)
    inputs = inputs_of_area(area)
    return _norm_range(area, mode, window) if len(inputs.levels[Layer.GRIDS].facts) <= GRIDS_AT_ONCE else None


@by_version(of_shown, within=Action.VIEW_COVERAGE)
def short_parts(mode: Mode, window: Window) -> pd.DataFrame:
    """Return the grids that are weak in some part of the day of a window, and in which most: ``gap start end``."""
    inputs = coverage_inputs()
    parts = split_by_day_part(window, working_calendar(inputs.norms))
    sent = [people_sent_in(session.server(), part) for part in parts]
    return coverage.find_short_parts(inputs, mode, parts, sent)


def has_parts(window: Window) -> bool:
    """Return whether a window lies in more than one part of the day, so that its mean may hide something."""
    return len(split_by_day_part(window, working_calendar(coverage_inputs().norms))) > 1


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
    if not zone:
        return _weak_by_hour(asking.actor.area, mode, hour)
    inner = parse_area(zone)
    asking.scope(Action.VIEW_COVERAGE).require(Layer(str(inner.layer)), [inner.code])
    return _weak_by_hour(inner, mode, hour)


def reasons(ranking: pd.DataFrame) -> list[str]:
    """Return why each of some under-served zones stands in its ranking, in the current language."""
    norms = coverage_inputs().norms
    return [coverage.reason_text(row, norms) for _code, row in ranking.iterrows()]


# 10 MB each for 2,000 grids and their estates; who is sent changes nothing of it.
@by_version(of_people, most=6)
def _norm_range(area: Area, mode: Mode, window: Window) -> NormRange:
    return coverage.find_norm_range(inputs_of_area(area), mode, window)


@by_version(of_shown)
def _precedents(window: Window) -> Precedents:
    """Return what is known of earlier days, for everybody: nobody's orders are told from it."""
    return planning.read_precedents(session.server(), inputs_of_area(EVERYWHERE).norms, window)


@by_version(of_shown, most=16)
def _cold_spots(area: Area, mode: Mode, window: Window) -> pd.DataFrame:
    if area != EVERYWHERE:
        return scope_of(area).limit(Layer.GRIDS, _cold_spots(EVERYWHERE, mode, window))
    grids = view_of_area(EVERYWHERE, mode, window).tables[Layer.GRIDS]
    return coverage.add_cold_spots(inputs_of_area(EVERYWHERE), grids)


@by_version(of_shown)
def _weak_by_hour(area: Area, mode: Mode, hour: datetime) -> pd.DataFrame:
    ahead = hours_ahead(hour)
    asking = context().within(area)
    sent = _people_by_hour(asking, ahead)
    there = coverage.inputs_within(inputs_of_area(EVERYWHERE), scope_of(area))
    return coverage.count_weak_by_hour(there, mode, hour, sent=sent)


def _people_by_hour(viewer: Context, hours: Sequence[Window]) -> Sequence[SentPeople]:
    span = Window(hours[0].start, hours[-1].end)
    if presence() is Presence.SENT:
        orders = planning.orders_between(viewer, span)
        return planning.sent_by_hour(orders, hours) if orders else ()
    order_steps = planning.read_order_steps(viewer, span)
    return planning.present_by_hour(order_steps, hours) if order_steps.orders else ()
