"""The map of orders: which team goes from where to where, and how far each is."""

from collections.abc import Mapping
from typing import Any, Final

import folium

from dashboard.map.folium_maps import paint_script
from dashboard.map.plugin import PaperMap, Plugin, controls
from geo.arrays import Bounds
from services.i18n import _
from services.rules.order_steps import ORDER_STEP_NAMES, OrderStep

STEPS: Final = tuple(OrderStep)
"""In the order of the looks in ``orders.js``."""


def make_orders_map(base: Mapping[str, str], bounds: Bounds) -> folium.Map:
    """Return the map that stays: paper and what lies below; grids and lines come with what changes.

    Parameters
    ----------
    base
        Addresses of the geometry of roads and water, by layer; empty for whoever may not fetch them.
    bounds
        Of everything, until there is an order.
    """
    west, south, east, north = bounds
    options = {
        "bounds": [[south, west], [north, east]],
        "steps": [_(ORDER_STEP_NAMES[step]) for step in STEPS],
        "title": _("How far the teams are"),
        "told": _(
            "Teams: {teams}; people sent: {sent}, there: {arrived}", teams="{teams}", sent="{sent}", arrived="{arrived}"
        ),
        "label": _("Map of the orders. Arrow keys move it, plus and minus zoom; the list says the same in words."),
    }
    paper = PaperMap()
    for plugin in (controls("fit"), Plugin("basemap", options=dict(base)), Plugin("orders", options=options)):
        plugin.add_to(paper)
    return paper


def orders_script(ground: str, lines: list[list[int]], chosen: str) -> str:
    """Return the script of what changes.

    Parameters
    ----------
    ground
        Address of the outlines of the grids.
    lines
        For each order: the rows of home and of where it is awaited among them (-1 for none), the position of its step
        in ``STEPS``, its number, its people.
    chosen
        Code of the grid that is chosen, or empty.
    """
    payload: dict[str, Any] = {"orders": {"ground": ground, "lines": lines, "chosen": chosen}}
    return paint_script(payload | {"choice": {"key": chosen, "go": False}})
