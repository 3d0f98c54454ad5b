"""Briefings, and days that are past."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import date

from dashboard.cache.by_version import by_version
from dashboard.cache.coverage import inputs_of_area, view_of_area
from dashboard.cache.layers import layer_inside
from dashboard.cache.names import imprint
from dashboard.cache.server_context import acting
from dashboard.cache.store_versions import of_data, of_names, of_reports, shown_version
from dashboard.payloads.past_day import PastDay
from geo.schema import ZONE_LAYERS, Layer
from services import briefing
from services.briefing import Briefing, BriefingRequest, CachedInputs
from services.briefing.mapping import wider_layers
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.i18n import translate
from services.rules.areas import EVERYWHERE


def _of_now(request: BriefingRequest) -> Hashable:
    """Return what a live briefing is of; that includes the minute and the plan, which not everybody may see."""
    asking = acting(Action.VIEW_BRIEFING)
    minute = asking.clock().replace(second=0, microsecond=0)
    revision = briefing.read_shown_plan(asking, request.plan_id).revision if request.plan_id is not None else 0
    return of_reports(), revision, minute


def _of_now_and_maker(request: BriefingRequest) -> Hashable:
    return _of_now(request), of_names(), acting(Action.VIEW_BRIEFING).actor.name


@by_version(_of_now_and_maker, most=64, within=Action.VIEW_BRIEFING)
def live_briefing(request: BriefingRequest) -> Briefing:
    """Return the briefing as it is now, made by whoever asks.

    It is the same value while neither data nor orders, plan or minute have changed.
    """
    return replace(_briefing_of_area(request), maker=translate(imprint().maker))


@by_version(_of_now, most=16, within=Action.VIEW_BRIEFING)
def _briefing_of_area(request: BriefingRequest) -> Briefing:
    asking = acting(Action.VIEW_BRIEFING)
    area = asking.actor.area
    zones = {layer: layer_inside(layer, area) for layer in ZONE_LAYERS}
    base = {layer: layer_inside(layer, EVERYWHERE) for layer in BASE_LAYERS}
    tables = view_of_area(area, request.mode, request.window).tables
    shared = CachedInputs(inputs_of_area(area), zones, base, tables, _unlocated())
    return briefing.make_briefing(asking, replace(request, cached_inputs=shared))


@by_version(of_data, most=32, within=Action.VIEW_BRIEFING)
def _unlocated() -> int:
    asking = acting(Action.VIEW_BRIEFING)
    return briefing.count_unlocated(asking, layer_inside(Layer.GRIDS, asking.actor.area).index)


@by_version(of_data, most=8, within=Action.VIEW_BRIEFING)
def frozen_briefing(number: int, language: str) -> Briefing:
    """Return a frozen briefing, word for word."""
    return briefing.read_briefing(acting(Action.VIEW_BRIEFING), number, language)


def _of_day(day: date, _language: str) -> Hashable:
    """Return what a day hour by hour is of: of a day under way also the hours begun."""
    now = acting(Action.VIEW_BRIEFING).clock()
    return shown_version(), now.replace(minute=0, second=0, microsecond=0) if day >= now.date() else None


@by_version(_of_day, most=8, within=Action.VIEW_BRIEFING)
def past_day(day: date, language: str) -> PastDay:
    """Return a day hour by hour; the same value while neither data nor orders, nor the hours begun, have changed."""
    asking = acting(Action.VIEW_BRIEFING)
    area = asking.actor.area
    replayed = briefing.replay(asking, day, language=language, coverage_inputs=inputs_of_area(area))
    zones = layer_inside(replayed.level, area)
    ordered = zones if tuple(zones.index) == replayed.codes else zones.reindex(list(replayed.codes))
    borders = (layer_inside(layer, area) for layer in wider_layers(replayed.level))
    return PastDay(replayed, language, ordered, tuple(frame for frame in borders if len(frame)))
