"""The map of the situation: what stands, made once; what changes, made on every run."""

from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.cache import view_models
from dashboard.kit.words import LEVEL_NAMES
from dashboard.map.bridge import show_map
from dashboard.streamlit import state
from dashboard.streamlit.state import AUTO, View
from geo.schema import ZONE_LAYERS, Layer
from services.i18n import _
from services.rules.classes import TITLES, MapLayer
from services.rules.windows import Mode, Window

_FIRST_HEIGHT: Final = 560
"""Pixels until the style sheet gives the frame the height of the window."""


def show_layer_switch(view: View) -> None:
    """Show which layer the map shows, and which level."""
    state.preset("layer", view.layer)
    state.preset("level", view.level)
    with st.container(horizontal=True, key="layers", gap="small"):
        st.segmented_control(
            _("Map layer"),
            [layer.value for layer in MapLayer],
            key="layer",
            required=True,
            format_func=lambda name: _(TITLES[MapLayer(name)]),
            label_visibility="collapsed",
            on_change=lambda: state.change_view(layer=state.widget_value("layer")),
        )
        st.selectbox(
            _("Level"),
            [AUTO, *(layer.value for layer in ZONE_LAYERS)],
            key="level",
            format_func=_level_name,
            label_visibility="collapsed",
            width=130,
            filter_mode=None,
            on_change=lambda: state.change_view(level=state.widget_value("level")),
        )


def show_situation_map(view: View, mode: Mode, window: Window) -> None:
    """Show the map."""
    paper = cache.static_map()
    paint = view_models.paint(mode, window, view, state.map_choice(view))
    show_map(paper, paint, height=_FIRST_HEIGHT, on_pick=lambda: state.take_pick(paper.key))


def _level_name(name: str) -> str:
    return _("By zoom") if name == AUTO else _(LEVEL_NAMES[Layer(name)])
