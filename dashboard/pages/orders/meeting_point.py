"""Where the people of an order meet and whom they report to: shown, and changed by whoever may."""

from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.frame.meeting_points import CHANGED, show_meeting_points
from dashboard.kit.outcome import attempt
from dashboard.pages.orders import actions
from dashboard.pages.orders.actions import OrderList
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language
from services import planning
from services.i18n import _
from services.planning import OrderProgress

_OPEN: Final = "orders-meeting"


def open_meeting_point(order_id: int) -> None:
    """Open where the people of an order meet."""
    state.keep(_OPEN, order_id)


def close_meeting_point() -> None:
    """Close it."""
    state.forget(_OPEN)


def show_meeting_point(order_list: OrderList) -> None:
    """Show it where it is open."""
    order_id = state.saved_value(_OPEN)
    one = next((one for one in order_list.orders if one.order.id == order_id), None)
    if one is not None:
        st.dialog(_("Meeting point"), on_dismiss=close_meeting_point)(keep_language(_draw))(one)


def _draw(one: OrderProgress) -> None:
    names = [one.estate_name, one.to_name] if one.order.estate_code else [one.to_name]
    places = dict(zip(planning.zones_of(one.order), names, strict=True))
    points = show_meeting_points(places, may_change=one.is_awaited_here)
    if points is not None:
        close_meeting_point()
        with attempt(actions.NAME) as tell:
            planning.note_meeting_points(cache.context(), points)
            tell(CHANGED)
        st.rerun()
