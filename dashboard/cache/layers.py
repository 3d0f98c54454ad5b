"""The stored layers, as frames and as what the map fetches."""

from collections.abc import Hashable
from typing import Final

import geopandas as gpd

from dashboard.cache.by_version import by_version
from dashboard.cache.server_context import own_area, scope_of
from dashboard.cache.store_versions import data_version, versions
from dashboard.map.packing import PackedLayer, pack, short_labels
from dashboard.streamlit import session
from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.rules.areas import EVERYWHERE, Area

MAP_LAYERS: Final = (*ZONE_LAYERS, *BASE_LAYERS)
"""What the map draws; the other layers hold people and never leave the server as geometry."""


def layer_frame(layer: Layer) -> gpd.GeoDataFrame:
    """Return a layer as it is now: of zones those in the area of whoever looks. It is shared: never change it."""
    return layer_inside(layer, own_area(Action.VIEW_COVERAGE))


def packed_layer(layer: Layer) -> PackedLayer:
    """Return the binary of a map layer as it is now: of zones those in the area of whoever looks."""
    return packed_inside(layer, own_area(Action.VIEW_COVERAGE))


def geometry_url(layer: str, token: str) -> str:
    """Return the address of the geometry of a map layer."""
    return f"/geometry/{layer}/{token}.bin"


def _of_layer(layer: Layer, area: Area) -> Hashable:
    """Return the version of a layer; what of it lies inside an area, other zones say too."""
    return versions().get(layer.value, 0) if area == EVERYWHERE else data_version()


@by_version(_of_layer, most=96)
def layer_inside(layer: Layer, area: Area) -> gpd.GeoDataFrame:
    """Return a layer as it is now, of zones those in an area. It is shared: never change it."""
    if area != EVERYWHERE:
        whole = layer_inside(layer, EVERYWHERE)
        return scope_of(area).limit(layer, whole) if layer in ZONE_LAYERS else whole
    with session.server().look(Action.VIEW_COVERAGE) as tx:
        return tx.read_layer(layer)


def _of_layer_and_parent(layer: Layer, area: Area) -> Hashable:
    parent = PARENT_LAYER.get(layer)
    return _of_layer(layer, area), _of_layer(parent, area) if parent else 0


@by_version(_of_layer_and_parent)
def packed_inside(layer: Layer, area: Area) -> PackedLayer:
    """Return the binary of a map layer as it is now, of zones those in an area."""
    if area != EVERYWHERE and layer not in ZONE_LAYERS:
        return packed_inside(layer, EVERYWHERE)
    frame, parent = layer_inside(layer, area), PARENT_LAYER.get(layer)
    return pack(frame, short_labels(frame, layer_inside(parent, EVERYWHERE) if parent else None))
