"""Orders, how far each is, and the grids they touch."""

from datetime import timedelta

import geopandas as gpd

from dashboard.cache.by_version import by_version
from dashboard.cache.layers import layer_inside
from dashboard.cache.server_context import acting, own_area
from dashboard.cache.store_versions import of_reports, of_shown
from dashboard.map.packing import pack, short_labels
from dashboard.streamlit import session
from dashboard.web.blobs import BLOBS, Readers
from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.planning import OrderProgress, PeopleCounts
from services.rules.areas import EVERYWHERE
from services.rules.order_steps import Patience
from services.rules.windows import Window


def order_progress(window: Window) -> tuple[OrderProgress, ...]:
    """Return the orders of a window that touch the own area or unit (``planning.read_progress``), in no order."""
    return _order_progress(window)


def people_counts(window: Window) -> PeopleCounts:
    """Return how many people were sent for a window, and how many of them are there, of the own area."""
    return _people_counts(window)


def order_grids_url(codes: tuple[str, ...]) -> str:
    """Return where the browser fetches the outlines of the grids that orders of the own area or unit touch."""
    address = _order_grids_url(codes)
    if not BLOBS.holds([address]):
        _order_grids_url.forget(codes)
        address = _order_grids_url(codes)
    return address


def order_grids(codes: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return grids that orders touch, those that are still there; for whoever sees the orders alone."""
    grids = layer_inside(Layer.GRIDS, EVERYWHERE)
    return grids[grids.index.isin(codes)]


# 1 KB an order.
@by_version(of_reports, most=8, within=Action.VIEW_ORDERS)
def _order_progress(window: Window) -> tuple[OrderProgress, ...]:
    settings = session.settings()
    patience = Patience(timedelta(minutes=settings.received_minutes), timedelta(minutes=settings.arrived_minutes))
    return tuple(planning.read_progress(acting(Action.VIEW_ORDERS), window, patience))


@by_version(of_reports, most=256, within=Action.VIEW_COVERAGE)
def _people_counts(window: Window) -> PeopleCounts:
    return planning.count_order_people(planning.read_order_steps(acting(Action.VIEW_COVERAGE), window))


@by_version(of_shown, most=64, within=Action.VIEW_ORDERS)
def _order_grids_url(codes: tuple[str, ...]) -> str:
    grids = order_grids(codes)
    labels = short_labels(grids, layer_inside(Layer.COMMUNITIES, EVERYWHERE))
    return BLOBS.put(pack(grids, labels), Readers(own_area(Action.VIEW_ORDERS), Action.VIEW_ORDERS))
