"""Briefings, and days that are past."""

from dataclasses import replace
from datetime import date, datetime, time

import streamlit as st

from dashboard import session
from dashboard.cache.coverage import basis_of, picture_of
from dashboard.cache.layers import layer_inside
from dashboard.cache.office import ALL, office_of, own_area
from dashboard.cache.present import data_version, made_from, shown_version
from dashboard.screen.past import PastDay
from geo.schema import ZONE_LAYERS, Layer
from services import briefing, planning
from services.briefing import Briefing, BriefingRequest, Shared


def live_briefing(request: BriefingRequest) -> Briefing:
    """Return the briefing as it is now; the same value while neither data nor orders, plan or minute have changed."""
    door = office_of(own_area())
    minute = door.clock().replace(second=0, microsecond=0)
    revision = planning.read_plan(door, request.plan_id).revision if request.plan_id is not None else 0
    told = (*shown_version(), revision)
    return _live_briefing(made_from(), told, own_area(), minute, repr(request), request)


def frozen_briefing(number: int, language: str) -> Briefing:
    """Return a frozen briefing, word for word."""
    return _frozen_briefing(session.settings().store, number, language, own_area(), data_version())


def past_day(day: date, language: str) -> PastDay:
    """Return a day hour by hour; the same value while neither data nor orders, nor the hours begun, have changed."""
    now = session.server().clock()
    hour = now.replace(minute=0, second=0, microsecond=0) if day >= now.date() else datetime.combine(day, time.max)
    return _past_day(made_from(), shown_version(), own_area(), day, hour, language)


@st.cache_resource(max_entries=16, show_spinner=False)
def _live_briefing(
    source: str, told: tuple[int, ...], area: str, minute: datetime, asked: str, _request: BriefingRequest
) -> Briefing:
    del source, told, minute, asked  # they are the key
    window = _request.window
    zones = {layer: layer_inside(layer, area) for layer in ZONE_LAYERS}
    base = {layer: layer_inside(layer, ALL) for layer in (Layer.ROADS, Layer.WATER)}
    tables = picture_of(area, _request.mode, window).tables
    shared = Shared(basis_of(area), zones, base, tables)
    return briefing.make_briefing(office_of(area), replace(_request, shared=shared))


@st.cache_resource(max_entries=8, show_spinner=False)
def _frozen_briefing(store: str, number: int, language: str, area: str, version: int) -> Briefing:
    del store, version
    return briefing.read_briefing(office_of(area), number, language)


@st.cache_resource(max_entries=8, show_spinner=False)
def _past_day(source: str, version: tuple[int, int], area: str, day: date, hour: datetime, language: str) -> PastDay:
    del source, version, hour
    told = briefing.replay(office_of(area), day, language=language, basis=basis_of(area))
    grids = layer_inside(Layer.GRIDS, area)
    ordered = grids if tuple(grids.index) == told.codes else grids.reindex(list(told.codes))
    borders = tuple(layer_inside(layer, area) for layer in (Layer.SUBDISTRICTS, Layer.COMMUNITIES))
    return PastDay(told, language, ordered, borders)
