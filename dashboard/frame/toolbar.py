"""How a page begins: its style, and the line above the figures: where we are, which window, which mode."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.cache import context, data_version, own_area_name, view_models
from dashboard.kit.html_tree import choice, part, show_panel
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.streamlit import session, state
from dashboard.streamlit.fragments import keep_language
from dashboard.streamlit.state import View
from services.catalog.actions import Action
from services.i18n import _
from services.modes import Declaration, declare_mode
from services.rules.windows import (
    MODE_NAMES,
    WINDOW_NAMES,
    Mode,
    NamedWindow,
    Window,
    WindowError,
    format_window,
    parse_window,
)
from services.wording import full_time, short_window

_HOURS: Final = tuple(range(25))


def is_ready(style: Path) -> bool:
    """Put the style of a page in place; return whether there is anything to show, and say so where there is not."""
    st.html(f"<style>{style.read_text(encoding='utf-8')}</style>")
    if data_version() != 0:
        return True
    show_heading(_("Nothing is stored yet"))
    show_note(_("Import your sub-districts, communities, grids, estates and members on the page Data."))
    return False


def show_breadcrumb(view: View, mode: Mode, window: Window) -> None:
    """Show the way from everything down to what is chosen; each step can be gone back to."""
    way = view_models.way(mode, window, view.zone_level, view.zone_code) if view.zone_level else ()
    own = str(session.actor().area)
    words = [f"{level.value}:{code}" for level, code, _name in way]
    steps = [choice(_step_style(is_area=view.area in {"", own}), ":", own_area_name() or _("All"))]
    first = words.index(own) + 1 if own in words else 0
    for word, (_level, _code, name) in list(zip(words, way, strict=True))[first:]:
        steps += [part("span", "", "›"), choice(_step_style(is_area=word == view.area), word, name)]
    show_panel("crumbs", [part("div", "gm-crumbs", *steps)], state.choose_word)


def _step_style(*, is_area: bool) -> str:
    """Return the style of a step: the area of which figures, lists and the map tell is bold."""
    return "gm-link gm-area" if is_area else "gm-link"


def read_window(view: View) -> Window:
    """Return the window of the view; one that cannot be read is said to be none, and the present hour taken."""
    now = context().clock()
    try:
        return parse_window(view.window, now)
    except WindowError as error:
        st.warning(plain(_(error.text)))
        return parse_window(NamedWindow.NOW, now)


def read_mode(view: View, declaration: Declaration) -> Mode:
    """Return the mode through which a page looks: the one chosen, else the one declared."""
    return Mode(view.mode) if view.mode else declaration.mode


def show_window_picker(view: View, window: Window) -> None:
    """Show the windows that have a name and a way to any other."""
    named = view.window if view.window in set(NamedWindow) else None
    state.preset("window", named)
    st.segmented_control(
        _("Window"),
        [name.value for name in NamedWindow],
        key="window",
        format_func=lambda name: _(WINDOW_NAMES[NamedWindow(name)]),
        label_visibility="collapsed",
        on_change=lambda: state.change_view(window=state.widget_value("window")),
    )
    show_any_window(window)


def show_any_window(window: Window) -> None:
    """Show what the window is, and a way to any other."""
    # Made when it is opened; with another window it is another one, which is closed.
    key = f"any-window-{window.start:%y%m%d%H%M}-{window.end:%y%m%d%H%M}"
    box = st.popover(short_window(window), help=_("Choose any window"), key=key, on_change="rerun")
    if box.open:
        with box:
            _show_any_window(window)


def show_mode_switch(declaration: Declaration, mode: Mode) -> None:
    """Show through which mode the page looks, and the way to declare one."""
    state.preset("mode", mode.value)
    st.segmented_control(
        _("Mode of the district"),
        [name.value for name in Mode],
        key="mode",
        required=True,
        format_func=lambda name: _(MODE_NAMES[Mode(name)]),
        label_visibility="collapsed",
        on_change=_change_mode,
        args=(declaration.mode,),
        help=_("Looks through the norms of a mode; nothing is declared by it."),
    )
    if not session.can(Action.DECLARE_MODE):
        return
    if st.button(_("Declare…"), key="declare", type="tertiary", help=_declared_words(declaration)):
        st.dialog(_("Declare a mode"))(keep_language(_show_declaration))(declaration)


def _change_mode(declared: Mode) -> None:
    chosen = state.widget_value("mode")
    state.change_view(mode="" if chosen == declared.value else chosen)


def _show_any_window(window: Window) -> None:
    last = window.end - timedelta(minutes=1)
    with st.form("any-window", border=False):
        left, right = st.columns(2)
        first_day = left.date_input(_("From"), window.start.date(), format="YYYY-MM-DD")
        first_hour = right.selectbox(_("Hour"), _HOURS[:-1], window.start.hour, format_func=_hour)
        last_day = left.date_input(_("To"), last.date(), format="YYYY-MM-DD")
        last_hour = right.selectbox(_("Hour"), _HOURS[1:], last.hour, format_func=_hour, key="last-hour")
        if not st.form_submit_button(_("Show this window"), type="primary", width="stretch"):
            return
    begin = datetime.combine(first_day, time(first_hour))
    end = datetime.combine(last_day, time()) + timedelta(hours=last_hour)
    try:
        chosen = Window(begin, end)
    except WindowError:
        st.error(_("The window must end after it starts and last 31 days at most."))
        return
    state.change_view(window=format_window(chosen))
    st.rerun()


def _hour(hour: int) -> str:
    return f"{hour:02d}:00"


def _declared_words(declared: Declaration) -> str:
    name = _(MODE_NAMES[declared.mode])
    if declared.until is None:
        return _("Declared: {mode}", mode=name)
    return _("Declared: {mode}, until {until}", mode=name, until=full_time(declared.until))


def _show_declaration(declared: Declaration) -> None:
    modes = list(Mode)
    st.caption(plain(_declared_words(declared)))
    mode = st.radio(
        _("Mode of the district"),
        modes,
        modes.index(declared.mode),
        format_func=lambda m: _(MODE_NAMES[m]),
        horizontal=True,
    )
    reason = st.text_input(_("Reason"), max_chars=200)
    approver = st.text_input(_("Approved by"), max_chars=40)
    until = None
    if mode is not Mode.ROUTINE:
        left, right = st.columns(2)
        tomorrow = context().clock().date() + timedelta(days=1)
        day = left.date_input(_("Holds until"), tomorrow, format="YYYY-MM-DD")
        hour = right.selectbox(_("Hour"), _HOURS, 24, format_func=_hour)
        until = datetime.combine(day, time()) + timedelta(hours=hour)
    st.caption(_("The declaration is kept in the audit trail."))
    if st.button(_("Declare"), type="primary", width="stretch"):
        with show_refusal():
            declare_mode(context(), mode, reason=reason, approver=approver, until=until)
            state.change_view(mode="")
            st.rerun()
