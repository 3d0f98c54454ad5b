"""派单: the orders that touch the own area or unit, and where its members live, by grid."""

from datetime import datetime, timedelta
from typing import Final

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.kit.frames import show_frame
from dashboard.kit.widgets import show_heading, show_note
from dashboard.live.live_reload import version_shown, watch_changes
from services.i18n import _, text
from services.planning import OrderState
from services.planning.service_overview import ServiceOverview, read_service_overview
from services.rules.small_counts import FEWEST_TOLD
from services.rules.windows import Window
from services.wording import number, people_text, short_time

AHEAD: Final = timedelta(hours=72)
STATES: Final = {
    OrderState.AHEAD: text("to come"),
    OrderState.RUNNING: text("under way"),
    OrderState.OVER: text("finished"),
    OrderState.RECALLED: text("called back"),
}


def main() -> None:
    """Draw the page."""
    context = cache.context()
    shown, now = version_shown(), context.clock()
    found = read_service_overview(context, Window(now - timedelta(hours=24), now + AHEAD))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        show_heading(_("Orders"), _("{n} orders", n=number(len(found.orders))))
        if found.orders:
            show_frame(order_rows(found, context.clock()))
        else:
            show_note(_("No team was sent from or to here in these days."))
    with right:
        show_heading(_("Members by grid"), _("{n} people", n=number(sum(found.members.values()) + found.unplaced)))
        show_frame(member_rows(found))
        show_note(_("Fewer than {few} people are shown as <{few}.", few=FEWEST_TOLD))
    watch_changes(shown)


def order_rows(overview: ServiceOverview, now: datetime) -> pd.DataFrame:
    """Return the orders as people read them, the first to begin on top."""
    rows = [
        {
            _("Team"): order.team_name,
            _("People"): order.people,
            _("From"): overview.names.get(order.from_code, order.from_code),
            _("To"): overview.names.get(order.to_code, order.to_code),
            _("Begins"): short_time(order.start),
            _("Ends"): short_time(order.until),
            _("State"): _(STATES[order.state(now)]),
            _("What for"): order.purpose,
        }
        for order in sorted(overview.orders, key=lambda one: (one.start, one.id))
    ]
    return pd.DataFrame(rows)


def member_rows(overview: ServiceOverview) -> pd.DataFrame:
    """Return how many members live in each grid, most first."""
    counted = sorted(overview.members.items(), key=lambda one: (-one[1], one[0]))
    rows = [(overview.names.get(code, code), people_text(count)) for code, count in counted]
    if overview.unplaced:
        rows.append((_("Not placed yet"), people_text(overview.unplaced)))
    return pd.DataFrame(rows, columns=[_("Grid"), _("Members")])


main()
