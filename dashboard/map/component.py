"""streamlit-folium's page with a map that is rendered already: ``st_folium`` would render it anew on every run."""

from collections.abc import Callable

import streamlit_folium as sf

from dashboard.map.folium_maps import StaticMap

RETURNED = ("last_active_drawing",)
"""All that comes back: what ``GM.report`` tells. Moving the map tells nothing and runs nothing."""


def show_map(static_map: StaticMap, paint: str, *, height: int, on_pick: Callable[[], None]) -> None:
    """Show a map and the layer that changes on it; ``on_pick`` runs when something is clicked."""
    sf._component_func(  # noqa: SLF001 - the one call that does not render; the version is pinned
        script=static_map.script,
        header=static_map.header,
        html=static_map.html,
        id=static_map.map_id,
        key=static_map.key,
        height=height,
        width=None,
        returned_objects=list(RETURNED),
        default=dict.fromkeys(RETURNED),
        zoom=None,
        center=None,
        feature_group=paint,
        return_on_hover=False,
        layer_control=None,
        pixelated=False,
        css_links=list(static_map.css_links),
        js_links=list(static_map.js_links),
        on_change=on_pick,
        wrap_longitude=False,
    )
