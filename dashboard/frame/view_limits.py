"""What an administrator is told of people who look at others' data: who has reached the limit of the hour."""

from collections import defaultdict

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain
from dashboard.streamlit import session
from services.catalog.actions import Action
from services.i18n import _
from services.people import limits_reached
from services.wording import short_time


def show_limits_reached() -> None:
    """Say who has reached the limit of the hour in the last seven days, for whoever sees the audit trail."""
    if not session.can(Action.VIEW_AUDIT):
        return
    times = defaultdict(list)
    for one in limits_reached(cache.context()):
        times[one.account].append(one.at)
    if times:
        names = "；".join(
            _("{account} {count} times, last {time}", account=account, count=len(at), time=short_time(max(at)))
            for account, at in times.items()
        )
        said = _("Reached the limit of persons looked at within an hour, in the last seven days: {names}", names=names)
        st.warning(plain(said))
