"""The caches of data: what is costly is made once a version and shared, read-only; ``drawn`` keeps what is drawn."""

from dashboard.cache.briefings import frozen_briefing, live_briefing, past_day
from dashboard.cache.coverage import (
    CoverageView,
    ViewKey,
    basis,
    basis_of,
    cold_spots,
    picture,
    picture_of,
    reasons,
    scales,
    shown,
    weak_by_hour,
)
from dashboard.cache.layers import MAP_LAYERS, geometry_url, layer_frame, packed
from dashboard.cache.names import area_names, own_area_name
from dashboard.cache.outlook import Prospect, outlook
from dashboard.cache.planning import board, ground_url, walk
from dashboard.cache.server_context import ALL, context
from dashboard.cache.static_maps import planning_map, static_map, tiles
from dashboard.cache.versions import (
    data_version,
    declared_mode,
    orders_version,
    seen,
    shown_version,
    versions,
    versions_now,
)

__all__ = [
    "ALL",
    "MAP_LAYERS",
    "CoverageView",
    "Prospect",
    "ViewKey",
    "area_names",
    "basis",
    "basis_of",
    "board",
    "cold_spots",
    "context",
    "data_version",
    "declared_mode",
    "frozen_briefing",
    "geometry_url",
    "ground_url",
    "layer_frame",
    "live_briefing",
    "orders_version",
    "outlook",
    "own_area_name",
    "packed",
    "past_day",
    "picture",
    "picture_of",
    "planning_map",
    "reasons",
    "scales",
    "seen",
    "shown",
    "shown_version",
    "static_map",
    "tiles",
    "versions",
    "versions_now",
    "walk",
    "weak_by_hour",
]
