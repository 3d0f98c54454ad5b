"""The map beside the board: a line an order, from home to where the team is awaited, by how far it is."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.map.bridge import show_map
from dashboard.map.order_layer import STEPS, orders_script
from dashboard.pages.orders import actions
from dashboard.pages.orders.actions import OVER, OrderList
from services.planning import OrderProgress

_FIRST_HEIGHT: Final = 420
"""Pixels until the style sheet gives the frame its height."""


def show_orders_map(whole: OrderList, orders: Sequence[OrderProgress]) -> None:
    """Show the orders of a list that are not over, among all grids that orders of the window touch."""
    touched = (code for one in whole.orders for code in (one.order.from_code, one.order.to_code))
    codes = tuple(sorted(set(touched) - {""}))
    if not codes:
        return
    rows = {str(code): row for row, code in enumerate(cache.order_grids(codes).index)}
    lines = [_line(one, rows) for one in orders if whole.group(one) != OVER]
    drawn = cache.orders_map()
    script = orders_script(cache.order_grids_url(codes), lines, actions.shown_place())
    with st.container(key="ordersmap"):
        show_map(drawn, script, height=_FIRST_HEIGHT, on_pick=lambda: actions.take_place(drawn.key))


def _line(one: OrderProgress, rows: dict[str, int]) -> list[int]:
    order = one.order
    ends = [rows.get(code, -1) for code in (order.from_code, order.to_code)]
    return [*ends, STEPS.index(one.progress), order.id, order.people]
