"""The caches of data: what is costly is made once a version and shared, read-only; ``drawn`` keeps what is drawn."""

from dashboard.cache.briefings import frozen_briefing, live_briefing, past_day
from dashboard.cache.claims import claim_overview
from dashboard.cache.coverage import (
    CoverageView,
    cold_spots,
    coverage_inputs,
    coverage_view,
    has_parts,
    inputs_of_area,
    norm_range,
    reasons,
    scales,
    short_parts,
    view_of_area,
    weak_by_hour,
)
from dashboard.cache.layers import MAP_LAYERS, geometry_url, layer_frame, packed_layer
from dashboard.cache.names import area_names, imprint, own_area_name, paper_area_name
from dashboard.cache.orders import order_grids, order_grids_url, order_progress, people_counts
from dashboard.cache.outlook import Prospect, outlook
from dashboard.cache.planning import ground_url, planning_snapshot, service_overview, walk, window_orders
from dashboard.cache.rosters import handover, package_inputs, packages, pairings, roster_board, rosters
from dashboard.cache.server_context import context
from dashboard.cache.static_maps import communities_map, orders_map, planning_map, static_map, tiles
from dashboard.cache.store_versions import (
    counted_by,
    data_version,
    declared_mode,
    last_seen,
    orders_version,
    presence,
    shown_version,
    versions,
    versions_now,
)

__all__ = [
    "MAP_LAYERS",
    "CoverageView",
    "Prospect",
    "area_names",
    "claim_overview",
    "cold_spots",
    "communities_map",
    "context",
    "counted_by",
    "coverage_inputs",
    "coverage_view",
    "data_version",
    "declared_mode",
    "frozen_briefing",
    "geometry_url",
    "ground_url",
    "handover",
    "has_parts",
    "imprint",
    "inputs_of_area",
    "last_seen",
    "layer_frame",
    "live_briefing",
    "norm_range",
    "order_grids",
    "order_grids_url",
    "order_progress",
    "orders_map",
    "orders_version",
    "outlook",
    "own_area_name",
    "package_inputs",
    "packages",
    "packed_layer",
    "pairings",
    "paper_area_name",
    "past_day",
    "people_counts",
    "planning_map",
    "planning_snapshot",
    "presence",
    "reasons",
    "roster_board",
    "rosters",
    "scales",
    "service_overview",
    "short_parts",
    "shown_version",
    "static_map",
    "tiles",
    "versions",
    "versions_now",
    "view_of_area",
    "walk",
    "weak_by_hour",
    "window_orders",
]
