"""派单: the orders that touch the own area or unit and how far each is, and where its members live, by grid."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.frames import show_frame
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.outcome import show_outcome
from dashboard.kit.pager import to_first_page
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.orders import actions
from dashboard.pages.orders.actions import OrderList
from dashboard.pages.orders.cards import show_figures, show_orders
from dashboard.pages.orders.map import show_orders_map
from dashboard.pages.orders.meeting_point import show_meeting_point
from dashboard.pages.orders.own_unit import show_own_unit
from dashboard.streamlit import state
from services.i18n import _
from services.planning.service_overview import ServiceOverview
from services.rules.small_counts import FEWEST_TOLD
from services.rules.windows import WINDOW_NAMES, NamedWindow, WindowError, parse_window
from services.wording import number, people_text, short_window

STYLE = Path(__file__).with_name("orders.css")


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    whole = actions.read_orders()
    order_list = actions.narrowed(whole)
    overview = cache.service_overview(whole.window)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_heading(_("Orders"), people_words(order_list))
        show_own_unit(whole, overview)
        _show_pickers(whole)
        show_figures(order_list)
        show_outcome(actions.NAME)
        show_orders(order_list)
    with right:
        show_orders_map(whole, order_list.of(actions.shown_group()))
        _show_members(overview)
    show_meeting_point(whole)
    watch_changes(shown)


def people_words(order_list: OrderList) -> str:
    """Return how many orders there are, how many people they sent, and how many of them are there."""
    people = order_list.people
    return _(
        "{n} orders · sent {sent} people · there {arrived} people",
        n=number(len(order_list.orders)),
        sent=number(people.sent),
        arrived=number(people.arrived),
    )


def _show_pickers(order_list: OrderList) -> None:
    """Show windows, and the communities and units that orders are of, where there are several."""
    communities = {one.community_code: one.community_name for one in order_list.orders if one.community_code}
    units = {one.unit_code: one.unit_name for one in order_list.orders if one.unit_code}
    pickers = (
        (_("Awaited in"), actions.COMMUNITY, communities, _("Every community")),
        (_("Unit organisation"), actions.UNIT, units, _("Every unit")),
    )
    with st.container(horizontal=True, key="orders-pickers", vertical_alignment="bottom"):
        _show_windows(order_list.now)
        for label, key, names, everything in pickers:
            if len(names) < 2:
                continue
            in_order = tell_apart(dict(sorted(names.items(), key=lambda named: named[1])))
            show_name_choice(label, in_order, key=key, placeholder=everything, on_choose=_begin_anew)
        _show_place_picked(order_list)


def _show_windows(now: datetime) -> None:
    """Show the days around now, the windows that have a name, and the one 态势 shows."""
    viewed = state.read_view().window
    words = {"": _("Yesterday to three days ahead")} | {name.value: _(WINDOW_NAMES[name]) for name in NamedWindow}
    if viewed not in words:
        with suppress(WindowError):
            words[viewed] = short_window(parse_window(viewed, now))
    if state.widget_value(actions.WINDOW) not in words:
        state.preset(actions.WINDOW, "")
    st.selectbox(
        _("Window"),
        list(words),
        key=actions.WINDOW,
        format_func=words.__getitem__,
        filter_mode=None,
        width=220,
        on_change=_begin_anew,
    )


def _show_place_picked(order_list: OrderList) -> None:
    """Show to which place the list is narrowed, and the way back."""
    place = actions.shown_place()
    if place:
        name = next((one.to_name for one in order_list.orders if one.order.to_code == place), place)
        label = _("Only to {place} ✕", place=name)
        st.button(plain(label), key="orders-place-off", on_click=actions.show_place, args=(place,))


def _begin_anew() -> None:
    to_first_page(actions.NAME)


def _show_members(overview: ServiceOverview) -> None:
    count = sum(overview.members.values()) + overview.unplaced
    show_heading(_("Members by grid"), _("{n} people", n=number(count)))
    show_frame(member_rows(overview))
    show_note(_("Fewer than {few} people are shown as <{few}.", few=FEWEST_TOLD))


def member_rows(overview: ServiceOverview) -> pd.DataFrame:
    """Return how many members live in each grid, most first."""
    counted = sorted(overview.members.items(), key=lambda one: (-one[1], one[0]))
    rows = [(overview.names.get(code, code), people_text(count)) for code, count in counted]
    if overview.unplaced:
        rows.append((_("Not placed yet"), people_text(overview.unplaced)))
    return pd.DataFrame(rows, columns=[_("Grid"), _("Members")])


main()
