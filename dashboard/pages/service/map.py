"""The map of responsibility areas: estates, or grids from afar, by how many of their households are taken care of."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard import cache
from dashboard.kit.zone_tree import runs_inside
from dashboard.map.bridge import show_map
from dashboard.map.folium_maps import Marks, make_payload, paint_script
from dashboard.pages.service import actions
from dashboard.streamlit.state import AUTO
from geo.schema import ZONE_LAYERS, Layer
from services.claims import CLAIM_LEVELS, ClaimOverview, claim_classes
from services.i18n import Text, _, text
from services.rules.class_colours import NO_DATA, RATIO_COLOURS
from services.rules.classes import MapLayer, Scale, ZoneClasses

_FIRST_HEIGHT: Final = 420
"""Pixels until the style sheet gives the frame its height."""
_COLOURS: Final = (RATIO_COLOURS[2], RATIO_COLOURS[3], RATIO_COLOURS[5])
_LABELS: Final[tuple[Text, ...]] = (text("nobody yet"), text("a part"), text("all households"))


def show_claims_map(overview: ClaimOverview, community: str) -> None:
    """Show who is taken care of; a click chooses the estate in the list, or all of a grid or community.

    Parameters
    ----------
    overview
        Of all that whoever looks may see.
    community
        Of which the list tells; empty for all.
    """
    drawn = cache.static_map()
    tables = cache.claim_tables()
    levels = {level: _classes(level, tables[level]) for level in CLAIM_LEVELS if len(tables[level])}
    frames = {level: cache.layer_frame(level) for level in ZONE_LAYERS}
    area = runs_inside(frames, Layer.COMMUNITIES, community) if community else None
    payload = make_payload(levels, Marks(), level=AUTO, choice=_choice(community), area=area)
    for each in payload["levels"].values():
        each |= {"title": _("Households claimed"), "note": "", "order": [*"012", NO_DATA]}
        each["labels"][NO_DATA] = _("households not known")
    with st.container(key="servicemap"):
        show_map(
            drawn, paint_script(payload), height=_FIRST_HEIGHT, on_pick=lambda: actions.take_pick(drawn.key, overview)
        )


def _classes(level: Layer, table: Any) -> ZoneClasses:
    """Return the classes of a level, each zone with the number of households that are claimed."""
    figures = tuple(int(count) if count else None for count in table["claimed"].fillna(0).tolist())
    scale = Scale(MapLayer.GAP, (0.0, 1.0), _COLOURS, _LABELS, level)
    return ZoneClasses(scale, claim_classes(table), figures)


def _choice(community: str) -> Mapping[str, Any]:
    """Return what the map outlines, and whether it goes there: to what was chosen elsewhere."""
    chosen = actions.chosen_place()
    if chosen is not None:
        key = f"{chosen.layer.value}:{chosen.code}"
        return {"key": key, "name": chosen.layer.value, "code": chosen.code, "go": not chosen.is_from_map}
    level = Layer.COMMUNITIES.value if community else ""
    return {"key": community, "name": level, "code": community, "go": True}
