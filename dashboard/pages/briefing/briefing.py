"""汇报: what the commander shows to others, on a screen, on slides and on paper, from one value."""

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready, read_mode, read_window, show_mode_switch, show_window_picker
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.outcome import show_outcome
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.briefing import archive, draft
from dashboard.pages.briefing.chooser import show_chooser
from dashboard.pages.briefing.files import show_files
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from dashboard.wall.query import WallQuery, screen_url
from services import planning
from services.briefing import Briefing, SectionName
from services.briefing.words import SECTION_NAMES
from services.errors import ServiceError
from services.i18n import _, current_language
from services.modes import current_mode
from services.rules.windows import Mode, Window

STYLE = Path(__file__).with_name("briefing.css")


def main() -> None:
    """Draw the page."""
    if not is_ready(STYLE):
        return
    view, declared = state.read_view(), current_mode(cache.context())
    mode = read_mode(view, declared)
    window = read_window(view)
    with st.container(horizontal=True, key="toolbar", vertical_alignment="center"):
        plan_id = show_plan_choice(window, mode)
        show_window_picker(view, window)
        show_mode_switch(declared, mode)
    left, right = st.columns([1, 2.4], gap="small")
    with left, st.container(key="briefside"):
        show_chooser()
        archive.show_comparison()
        archive.show_archive()
        archive.show_past(cache.context().clock())
    with right, st.container(key="briefmain"):
        show_briefing(view, window, mode, plan_id)


def show_plan_choice(window: Window, mode: Mode) -> int | None:
    """Show which plan the briefing tells of; return its number, None for the orders as they stand."""
    plans = {plan.id: plan.name for plan in planning.find_plans(cache.context(), window=window, mode=mode)}
    wanted = state.read_plan_id()
    state.preset("briefing-plan", wanted if wanted in plans else None)
    return show_name_choice(
        _("Plan"),
        plans,
        key="briefing-plan",
        placeholder=_("Teams as sent (no plan)") if plans else _("No plan for this window"),
        on_choose=lambda: state.write_plan_id(state.widget_value("briefing-plan")),
        label_visibility="collapsed",
        disabled=not plans,
        width=270,
    )


def show_briefing(view: View, window: Window, mode: Mode, plan_id: int | None) -> None:
    """Show the briefing as the screen shows it, and what can be done with it."""
    show_outcome(archive.PAGE, once=True)
    request, number = draft.request_of(window, mode, plan_id), archive.shown_number()
    find = partial(cache.live_briefing, request)
    if number is not None:
        find = partial(cache.frozen_briefing, number, current_language())
    try:
        told = find()
    except ServiceError as error:
        st.error(plain(_(error.text)))
        if number is not None:
            st.button(_("Back to the present"), on_click=archive.open_number, args=(None,))
        return
    wanted = draft.live_screen(view, mode, plan_id)
    if number is not None:
        wanted = WallQuery(snapshot=number, language=current_language())
    section = show_section_choice(told)
    with st.container(horizontal=True, key="briefdo", gap="small", vertical_alignment="center"):
        st.link_button(_("Open the screen"), screen_url(wanted), type="primary", icon=":material/open_in_full:")
        if number is None:
            st.button(_("Freeze"), on_click=archive.freeze_now, args=(request,), help=_("Keeps it under a number"))
        else:
            st.button(_("Back to the present"), on_click=archive.open_number, args=(None,))
        show_files(told, section, find)
    show_preview(wanted, section)


def show_section_choice(briefing: Briefing) -> SectionName | None:
    """Show which section is looked at; return it."""
    names = [section.name.value for section in briefing.sections]
    if state.saved_value("briefing-section") not in names:
        state.forget("briefing-section")
    chosen = st.segmented_control(
        _("Section"),
        names,
        key="briefing-section",
        default=names[0] if names else None,
        required=True,
        format_func=lambda name: _(SECTION_NAMES[SectionName(name)]),
        label_visibility="collapsed",
    )
    return SectionName(chosen) if chosen else None


def show_preview(query: WallQuery, section: SectionName | None) -> None:
    """Show the screen itself, standing still at a section."""
    address = screen_url(query)
    joint = "&" if "?" in address else "?"
    with st.container(key="preview"):
        st.iframe(f"{address}{joint}paused=1&preview=1&at={section or ''}", height=560)
    show_note(_("This is the screen itself. Arrow keys turn it, the space bar holds it, numbers go to a section."))


main()
