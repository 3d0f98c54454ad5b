"""派单: the orders that touch the own area or unit and how far each is, and where its members live, by grid."""

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.frames import show_frame
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.outcome import show_outcome
from dashboard.kit.pager import to_first_page
from dashboard.kit.widgets import show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.orders import actions
from dashboard.pages.orders.actions import OrderList
from dashboard.pages.orders.cards import show_figures, show_orders
from services.i18n import _
from services.planning.service_overview import ServiceOverview
from services.rules.small_counts import FEWEST_TOLD
from services.rules.windows import Window
from services.wording import number, people_text

STYLE = Path(__file__).with_name("orders.css")


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    order_list = actions.read_orders()
    left, right = st.columns([3, 1], gap="medium")
    with left:
        show_heading(_("Orders"), _("{n} orders", n=number(len(order_list.orders))))
        _show_pickers(order_list)
        order_list = actions.narrowed(order_list)
        show_figures(order_list)
        show_outcome(actions.NAME)
        show_orders(order_list)
    with right:
        hour = order_list.now.replace(minute=0, second=0, microsecond=0)
        _show_members(cache.service_overview(Window(hour - actions.BEFORE, hour + actions.AHEAD)))
    watch_changes(shown)


def _show_pickers(order_list: OrderList) -> None:
    """Show the communities and units that orders are of, where there are several."""
    communities = {one.community_code: one.community_name for one in order_list.orders if one.community_code}
    units = {one.unit_code: one.unit_name for one in order_list.orders if one.unit_code}
    pickers = (
        (_("Awaited in"), actions.COMMUNITY, communities, _("Every community")),
        (_("Unit organisation"), actions.UNIT, units, _("Every unit")),
    )
    offered = [picker for picker in pickers if len(picker[2]) > 1]
    if not offered:
        return
    with st.container(horizontal=True, key="orders-pickers", vertical_alignment="bottom"):
        for label, key, names, everything in offered:
            in_order = tell_apart(dict(sorted(names.items(), key=lambda named: named[1])))
            show_name_choice(label, in_order, key=key, placeholder=everything, on_choose=_begin_anew)


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
