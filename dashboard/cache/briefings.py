"""Briefings, and days that are past."""

from dataclasses import replace
from datetime import date, datetime, time

import streamlit as st

from dashboard.cache.coverage import inputs_of_area, view_of_area
from dashboard.cache.layers import layer_inside
from dashboard.cache.server_context import ALL, acting
from dashboard.cache.store_versions import data_version, made_from, shown_version
from dashboard.payloads.past_day import PastDay
from dashboard.streamlit import session
from geo.schema import ZONE_LAYERS, Layer
from services import briefing
from services.briefing import Briefing, BriefingRequest, CachedInputs
from services.briefing.mapping import wider_layers
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.context import Context


def live_briefing(request: BriefingRequest) -> Briefing:
    """Return the briefing as it is now; the same value while neither data nor orders, plan or minute have changed."""
    asking = acting(Action.VIEW_BRIEFING)
    minute = asking.clock().replace(second=0, microsecond=0)
    revision = briefing.read_shown_plan(asking, request.plan_id).revision if request.plan_id is not None else 0
    state = (*shown_version(), revision)
    return _live_briefing(made_from(), state, str(asking.actor.area), minute, repr(request), request, asking)


def frozen_briefing(number: int, language: str) -> Briefing:
    """Return a frozen briefing, word for word."""
    asking = acting(Action.VIEW_BRIEFING)
    area = str(asking.actor.area)
    return _frozen_briefing(session.settings().store, number, language, area, data_version(), asking)


def past_day(day: date, language: str) -> PastDay:
    """Return a day hour by hour; the same value while neither data nor orders, nor the hours begun, have changed."""
    asking = acting(Action.VIEW_BRIEFING)
    now = asking.clock()
    hour = now.replace(minute=0, second=0, microsecond=0) if day >= now.date() else datetime.combine(day, time.max)
    return _past_day(made_from(), shown_version(), str(asking.actor.area), day, hour, language, asking)


@st.cache_resource(max_entries=16, show_spinner=False)
def _live_briefing(
    source: str,
    state: tuple[int, ...],
    area: str,
    minute: datetime,
    asked: str,
    _request: BriefingRequest,
    _asking: Context,
) -> Briefing:
    del source, state, minute, asked  # they are the key
    window = _request.window
    zones = {layer: layer_inside(layer, area) for layer in ZONE_LAYERS}
    base = {layer: layer_inside(layer, ALL) for layer in BASE_LAYERS}
    tables = view_of_area(area, _request.mode, window).tables
    unlocated = _unlocated(made_from(), data_version(), area, _asking)
    shared = CachedInputs(inputs_of_area(area), zones, base, tables, unlocated)
    return briefing.make_briefing(_asking, replace(_request, cached_inputs=shared))


@st.cache_resource(max_entries=32, show_spinner=False)
def _unlocated(source: str, version: int, area: str, _asking: Context) -> int:
    del source, version  # they are the key
    return briefing.count_unlocated(_asking, layer_inside(Layer.GRIDS, area).index)


@st.cache_resource(max_entries=8, show_spinner=False)
def _frozen_briefing(store: str, number: int, language: str, area: str, version: int, _asking: Context) -> Briefing:
    del store, area, version  # they are the key
    return briefing.read_briefing(_asking, number, language)


@st.cache_resource(max_entries=8, show_spinner=False)
def _past_day(
    source: str, version: tuple[int, int], area: str, day: date, hour: datetime, language: str, _asking: Context
) -> PastDay:
    del source, version, hour
    replayed = briefing.replay(_asking, day, language=language, coverage_inputs=inputs_of_area(area))
    zones = layer_inside(replayed.level, area)
    ordered = zones if tuple(zones.index) == replayed.codes else zones.reindex(list(replayed.codes))
    borders = (layer_inside(layer, area) for layer in wider_layers(replayed.level))
    return PastDay(replayed, language, ordered, tuple(frame for frame in borders if len(frame)))
