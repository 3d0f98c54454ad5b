"""承包: which posts and hours units take over, how far that is agreed, who comes when, and what is open."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.html_table import dress_data
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.outcome import show_outcome
from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import bring_into_view, show_heading, show_note
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.packages import actions
from dashboard.pages.packages.details import show_package
from dashboard.pages.packages.offer import open_offer, show_offer
from dashboard.pages.packages.pairings import show_pairings
from dashboard.streamlit import session, state
from services.catalog.actions import Action
from services.i18n import _, text
from services.rostering import PackageView
from services.rostering.package_texts import day_words
from services.rules.roster.packages import OPEN_STATES, PACKAGE_STATE_NAMES, OpenSeatNotice, PackageState
from services.wording import number

STYLE = Path(__file__).with_name("packages.css")
_ALL = "packages-all"
_PACKAGES, _PAIRINGS = "packages", "pairings"
_PARTS = {_PACKAGES: text("Packages"), _PAIRINGS: text("Pairings")}


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    dress_data()
    if _choose_part() == _PAIRINGS:
        show_pairings()
    else:
        _show_packages()
    watch_changes(shown)


def _choose_part() -> str:
    """Show the parts of the page; return the one that is chosen."""
    chosen = st.segmented_control(
        _("Part of the page"),
        list(_PARTS),
        key="packages-part",
        default=_PACKAGES,
        required=True,
        format_func=lambda each: _(_PARTS[each]),
        label_visibility="collapsed",
    )
    return str(chosen or _PACKAGES)


def _show_packages() -> None:
    views = cache.packages()
    may_offer = session.can(Action.KEEP_PACKAGES)
    if may_offer:
        show_offer()
    left, right = st.columns([2, 3], gap="medium")
    with left:
        show_heading(_("Packages of units"), _count_words(views))
        _show_bar(views, may_offer=may_offer)
        show_outcome(actions.NAME)
        listed = views if state.saved_value(_ALL) else [view for view in views if view.state in OPEN_STATES]
        _show_list(listed, may_offer=may_offer)
    with right, st.container(key="package-details"):
        chosen = actions.shown_package(listed)
        if chosen is not None:
            show_package(chosen)
            if actions.is_chosen():
                bring_into_view("package-details", str(chosen.package.id))
        elif listed:
            show_note(_("Choose a package: here stands whether the unit can carry it, its batches, and what is open."))


def _count_words(views: Sequence[PackageView]) -> str:
    offered = sum(view.state is PackageState.OFFERED for view in views)
    held = [view for view in views if view.is_held]
    return _(
        "{offered} to be answered · {held} accepted · {open} seats open",
        offered=number(offered),
        held=number(len(held)),
        open=number(sum(each.open for view in held for each in view.open_shifts)),
    )


def _show_bar(views: Sequence[PackageView], *, may_offer: bool) -> None:
    with st.container(horizontal=True, key="packages-bar", gap="small", vertical_alignment="center"):
        if may_offer:
            st.button(_("New package…"), key="package-new", type="primary", on_click=open_offer)
        if any(view.state not in OPEN_STATES for view in views):
            st.checkbox(_("Those over, declined and withdrawn too"), key=_ALL)


def _show_list(views: Sequence[PackageView], *, may_offer: bool) -> None:
    if not views:
        show_note(
            _("No package is offered or running. “New package…” offers posts and hours to a unit.")
            if may_offer
            else _("Nothing is offered to your unit now, and nothing is running.")
        )
        return
    chosen = actions.shown_package(views)
    number_shown = chosen.package.id if chosen else None
    cards = [
        _card(view, by_unit=may_offer, is_open=view.package.id == number_shown)
        for _place, view in show_pages(actions.NAME, views)
    ]
    show_panel("packages-list", [part("div", "gm-packages", *cards)], actions.open_package)


def _card(view: PackageView, *, by_unit: bool, is_open: bool) -> Part:
    """Return a package in the list: whose it is for those who offer, where it is for the unit."""
    title = view.unit if by_unit else view.community
    other = view.community if by_unit else "、".join(view.posts.values())
    head = part(
        "span",
        "gm-order-head",
        part("b", "", title),
        part("em", f"gm-step gm-{view.state.value}", _(PACKAGE_STATE_NAMES[view.state])),
    )
    lines = [head, part("span", "gm-quiet", f"{other} · {day_words(view)} · {seat_words(view)}")]
    if view.package.name:
        lines.insert(1, part("span", "gm-quiet", view.package.name))
    if view.is_held and (waiting := waiting_words(view)):
        lines.append(part("span", "gm-broken", waiting))
    return choice("gm-package", str(view.package.id), *lines, pressed="true" if is_open else "false")


def seat_words(view: PackageView) -> str:
    """Return how many seats of a package are taken."""
    return _("{filled} of {seats} seats taken", filled=number(view.filled), seats=number(view.seats))


def waiting_words(view: PackageView) -> str:
    """Return how many seats begin within a day and are open; nothing where there are none."""
    soon = sum(view.count_open(notice) for notice in (OpenSeatNotice.UNIT, OpenSeatNotice.COMMUNITY))
    return _("open within 24 hours: {n} seats", n=number(soon)) if soon else ""


main()
