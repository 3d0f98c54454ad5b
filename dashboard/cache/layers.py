"""The stored layers, as frames and as what the map fetches."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import streamlit as st

from dashboard.cache.server_context import ALL, own_area, scope_of
from dashboard.cache.store_versions import data_version, newest, versions
from dashboard.map.packing import PackedLayer, pack, short_labels
from dashboard.streamlit import session
from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS

MAP_LAYERS: Final = (*ZONE_LAYERS, *BASE_LAYERS)
"""What the map draws; the other layers hold people and never leave the server as geometry."""


def layer_frame(layer: Layer) -> gpd.GeoDataFrame:
    """Return a layer as it is now: of zones those in the area of whoever looks. It is shared: never change it."""
    return layer_inside(layer, own_area(Action.VIEW_COVERAGE))


def packed_layer(layer: Layer) -> PackedLayer:
    """Return the binary of a map layer as it is now: of zones those in the area of whoever looks."""
    return packed_of(layer, own_area(Action.VIEW_COVERAGE), versions())


def packed_of(layer: Layer, area: str, parts: Mapping[str, int]) -> PackedLayer:
    """Return the binary of a map layer in an area, at some versions of its parts (``versions``)."""
    area = area if layer in ZONE_LAYERS else ALL
    now = parts if area == ALL else {layer.value: newest(parts)}
    parent = PARENT_LAYER.get(layer)
    of_parent = now.get(parent.value, 0) if parent else 0
    return _packed(session.settings().store, layer.value, now.get(layer.value, 0), of_parent, area)


def geometry_url(layer: str, token: str) -> str:
    """Return the address of the geometry of a map layer."""
    return f"/geometry/{layer}/{token}.bin"


@st.cache_resource(max_entries=32, show_spinner=False)
def _layer_frame(store: str, layer: str, version: int) -> gpd.GeoDataFrame:
    del store, version  # they are the key
    with session.server().look(Action.VIEW_COVERAGE) as tx:
        return tx.read_layer(Layer(layer))


def layer_inside(layer: Layer, area: str) -> gpd.GeoDataFrame:
    """Return a layer as it is now, of zones those in an area (as text). It is shared: never change it."""
    store = session.settings().store
    if area == ALL or layer not in ZONE_LAYERS:
        return _layer_frame(store, layer.value, versions().get(layer.value, 0))
    return _zones_inside(store, layer.value, data_version(), area)


@st.cache_resource(max_entries=64, show_spinner=False)
def _zones_inside(store: str, layer: str, version: int, area: str) -> gpd.GeoDataFrame:
    del store, version
    return scope_of(area).limit(Layer(layer), layer_inside(Layer(layer), ALL))


@st.cache_resource(max_entries=64, show_spinner=False)
def _packed(store: str, layer: str, version: int, parent_version: int, area: str) -> PackedLayer:
    del store, version, parent_version
    frame, parent = layer_inside(Layer(layer), area), PARENT_LAYER.get(Layer(layer))
    return pack(frame, short_labels(frame, layer_inside(parent, ALL) if parent else None))
