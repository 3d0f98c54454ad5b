"""The dialog in which posts and hours are offered to a unit, or to several in turn."""

from datetime import date, time, timedelta
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.packages import actions
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language
from geo.schema import Layer
from services import rostering
from services.i18n import _
from services.rostering import PackageOffer
from services.rules.roster.packages import PackagePost, weekday_bits
from services.wording import DAY_NAMES

_OPEN: Final = "package-offer"
_HOURS: Final = 24
_FROM, _TO = 8, 22
_MOST_UNITS: Final = 12
"""A quarter by the week."""


def open_offer() -> None:
    """Ask for a new package when the page is drawn next."""
    state.keep(_OPEN, value=True)


def show_offer() -> None:
    """Show the dialog where it is open."""
    if state.saved_value(_OPEN):
        st.dialog(_("New package"), width="large", on_dismiss=_close)(keep_language(_ask))()


def _close() -> None:
    state.forget(_OPEN)


def _ask() -> None:
    communities = community_choices()
    names = tell_apart(rostering.read_unit_names(cache.context()))
    left, right = st.columns(2)
    with left:
        units = st.multiselect(
            _("Unit"),
            list(names),
            format_func=lambda code: names[code],
            placeholder=_("Choose units"),
            max_selections=_MOST_UNITS,
        )
        community = choose_community(communities)
    with right, show_refusal():
        posts = tell_apart(rostering.read_offer_posts(cache.context(), community)) if community else {}
        codes = st.multiselect(
            _("Posts"),
            list(posts),
            format_func=lambda code: posts[code],
            placeholder=_posts_hint(community, posts),
        )
        start, days = _ask_days(len(units))
    from_hour, to_hour, weekdays = _ask_hours()
    name = st.text_input(_("Name (may be left empty)"), max_chars=60)
    if len(units) > 1:
        show_note(_("{n} units take a week each, in this order.", n=len(units)))
    is_ready = bool(units and community and codes and weekdays)
    if st.button(_("Offer"), type="primary", width="stretch", disabled=not is_ready):
        own = [PackagePost(code, time(from_hour), time(to_hour % _HOURS), weekday_bits(weekdays)) for code in codes]
        asked = PackageOffer(
            unit_code=units[0], community_code=community, start=start, days=days, posts=tuple(own), name=name
        )
        _close()
        actions.offer(units, asked)
        st.rerun()


def _posts_hint(community: str, posts: dict[str, str]) -> str:
    if posts:
        return _("Choose posts")
    return _("This community has no posts yet") if community else _("Choose a community first")


def community_choices() -> dict[str, str]:
    """Return the communities of the area, by code, as they are told apart."""
    frame = cache.layer_frame(Layer.COMMUNITIES)
    return tell_apart({str(code): str(name) for code, name in frame["name"].items()})


def choose_community(communities: dict[str, str]) -> str:
    """Show the communities where there are several; return the code of the one that is chosen, empty for none."""
    if len(communities) == 1:
        return next(iter(communities))
    chosen = st.selectbox(
        _("Community"),
        list(communities),
        index=None,
        format_func=lambda code: communities[code],
        placeholder=_("Choose a community"),
    )
    return chosen or ""


def _ask_days(units: int) -> tuple[date, int]:
    today = cache.context().clock().date()
    monday = today + timedelta(days=(7 - today.weekday()) % 7 or 7)
    left, right = st.columns(2)
    with left:
        start = st.date_input(_("First day"), monday, min_value=today, format="YYYY-MM-DD")
    with right:
        days = st.number_input(_("Days"), 1, 31, actions.WEEK_DAYS, step=1, disabled=units > 1)
    return start, int(days)


def _ask_hours() -> tuple[int, int, list[int]]:
    left, middle, right = st.columns([1, 1, 4])
    with left:
        begin = st.selectbox(_("From hour"), range(_HOURS), index=_FROM, format_func=_hour)
    with middle:
        ends = [hour for hour in range(1, _HOURS + 1) if hour != begin]
        end = st.selectbox(_("To hour"), ends, index=ends.index(_TO) if _TO in ends else 0, format_func=_hour)
    with right:
        weekdays = st.pills(
            _("Days of the week"),
            range(len(DAY_NAMES)),
            selection_mode="multi",
            default=list(range(len(DAY_NAMES))),
            key="package-weekdays",
            format_func=lambda day: _(DAY_NAMES[day]),
        )
    return begin, end, list(weekdays)


def _hour(hour: int) -> str:
    return f"{hour:02d}:00"
