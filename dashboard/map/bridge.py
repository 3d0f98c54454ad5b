"""Every private touch of folium and streamlit-folium, which are pinned: a map that is rendered once, and shown often.

``st_folium`` renders a map anew on every run (DESIGN §8). Each touch has a test in ``tests/dashboard/test_bridge.py``
that fails when there is a way of their own.
"""

# ruff: noqa: SLF001 - that is what the module is for
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import folium
import streamlit_folium as sf

from dashboard.map.assets import join_scripts

COMPONENT: Final[Any] = sf._component_func
"""What Streamlit knows the map by."""
RETURNED: Final = ("last_active_drawing",)
"""All that comes back: what ``GM.report`` tells. Moving the map tells nothing and runs nothing."""


@dataclass(frozen=True, slots=True)
class StaticMap:
    """A map as streamlit-folium's page wants it: rendered once, the same for everyone."""

    script: str
    header: str
    html: str
    map_id: str
    css_links: tuple[str, ...]
    js_links: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the browser knows the map by; another key is another map."""
        return _key_of(self.script)


@lru_cache(maxsize=64)
def _key_of(script: str) -> str:
    return str(sf.generate_js_hash(script, "situation"))


def render_map(paper: folium.Map) -> StaticMap:
    """Return the map as text; folium takes long enough for this that it is done once (DESIGN §8)."""
    paper.get_root().render()
    html, header = sf._get_html(paper), sf._get_header(paper)
    script = sf._get_map_string(paper)
    elements = [paper, *paper._children.values()]
    css, js = (
        tuple(dict.fromkeys(url for element in elements for _name, url in getattr(element, attribute, [])))
        for attribute in ("default_css", "default_js")
    )
    return StaticMap(script, header, html, sf.get_full_id(paper), css, join_scripts(js))


def script_of(group: folium.FeatureGroup) -> str:
    """Return the script that puts a group on a map that is there already."""
    return str(sf._get_feature_group_string(group, folium.Map(tiles=None)))


def show_map(static_map: StaticMap, paint: str, *, height: int, on_pick: Callable[[], object]) -> None:
    """Show a map and the layer that changes on it; ``on_pick`` runs when something is clicked."""
    COMPONENT(
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
