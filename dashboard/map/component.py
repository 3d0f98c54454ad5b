"""streamlit-folium's page with a map that is rendered already: ``st_folium`` would render it anew on every run."""

from collections.abc import Callable

import streamlit_folium as sf

from dashboard.map.folium_maps import StaticMap

RETURNED = ("last_active_drawing",)
"""All that comes back: what ``GM.report`` tells. Moving the map tells nothing and runs nothing."""


def show_map(drawn: StaticMap, paint: str, *, height: int, on_pick: Callable[[], None]) -> None:
    """Show a map and the layer that changes on it; ``on_pick`` runs when something is clicked."""
    sf._component_func(  # noqa: SLF001 - the one call that does not render; the version is pinned
        script=drawn.script,
        header=drawn.header,
        html=drawn.html,
        id=drawn.map_id,
        key=drawn.key,
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
        css_links=list(drawn.css_links),
        js_links=list(drawn.js_links),
        on_change=on_pick,
        wrap_longitude=False,
    )
