"""The map beside a doubtful address: where the candidates' estates are. It knows nothing of the person."""

from collections.abc import Mapping
from typing import Final

from dashboard import cache
from dashboard.map.bridge import StaticMap, render_map, show_map
from dashboard.map.folium_maps import paint_script
from dashboard.map.plugin import PaperMap, Plugin, controls
from dashboard.streamlit import state
from geo.schema import Layer
from services.catalog.layers import BASE_LAYERS
from services.i18n import _, current_language
from services.rules.address import Candidate

_MAP: Final = "settle-map"
_HEIGHT: Final = 560
_LAYERS: Final = (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES, *BASE_LAYERS)


def show_candidates(candidates: Mapping[str, Candidate]) -> None:
    """Show where some estates are, each with its sign."""
    if not len(cache.layer_frame(Layer.ESTATES)):
        return
    marks = [{"code": candidate.code, "label": sign} for sign, candidate in candidates.items()]
    key = "/".join(f"{sign}{candidate.code}" for sign, candidate in candidates.items())
    payload = {"candidates": marks, "choice": {"key": key, "go": False}}
    show_map(_map(), paint_script(payload), height=_HEIGHT, on_pick=lambda: None)


def _map() -> StaticMap:
    """Return the map that stays; it is made once for each version of the zones."""
    there = {layer: cache.packed_layer(layer) for layer in _LAYERS}
    urls = {
        layer.value: cache.geometry_url(layer.value, packed.token) for layer, packed in there.items() if packed.count
    }
    known = state.saved_value(_MAP)
    if known is None or known[0] != (urls, current_language()):
        known = ((urls, current_language()), _draw(urls))
        state.keep(_MAP, known)
    drawn: StaticMap = known[1]
    return drawn


def _draw(urls: dict[str, str]) -> StaticMap:
    west, south, east, north = (float(edge) for edge in cache.layer_frame(Layer.ESTATES).total_bounds)
    base: dict[str, str] = {layer.value: urls[layer.value] for layer in BASE_LAYERS if layer.value in urls}
    outlines = [urls[layer.value] for layer in (Layer.GRIDS, Layer.COMMUNITIES) if layer.value in urls]
    options = {
        "estates": urls[Layer.ESTATES.value],
        "outlines": outlines,
        "bounds": [[south, west], [north, east]],
        "label": _("Map of the estates that are offered. Arrow keys move it, plus and minus zoom."),
    }
    paper = PaperMap()
    for plugin in (
        controls("fit"),
        Plugin("basemap", options=base),
        Plugin("candidates", options=options),
    ):
        plugin.add_to(paper)
    return render_map(paper)
