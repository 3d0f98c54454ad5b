"""态势: where we are weak now, tonight, at the weekend, and whether it is getting better."""

from datetime import datetime

import streamlit as st

from dashboard import cache
from dashboard.cache import view_models
from dashboard.cache.rankings import RankingKind, rankings
from dashboard.frame.toolbar import read_mode, read_window, show_any_window, show_breadcrumb, show_mode_switch
from dashboard.kit.hour_timeline import chosen_window, show_hour_timeline
from dashboard.kit.widgets import plain, show_figures, show_heading
from dashboard.live.live_reload import version_shown, watch_changes
from dashboard.pages.situation.arrival import settle_view, show_unread
from dashboard.pages.situation.cards import show_side
from dashboard.pages.situation.map import show_layer_switch, show_situation_map
from dashboard.pages.situation.outlook import show_outlook
from dashboard.pages.situation.presence import show_presence, show_roster_note
from dashboard.pages.situation.sections import open_table, show_section, show_section_switch
from dashboard.pages.situation.tiles import doubt_notes, headline_tiles, range_notes
from dashboard.streamlit import session, state
from dashboard.streamlit.stale_cache import one_look
from dashboard.streamlit.state import View
from geo.schema import Layer
from services.catalog.actions import Action
from services.i18n import _
from services.planning import Presence
from services.rules.windows import Mode, Window


def main() -> None:
    """Draw the page."""
    if cache.data_version() == 0:
        show_empty()
        return
    shown, view = version_shown(), state.read_view()
    with cache.counted_by(Presence(view.presence or Presence.SENT)):
        _show(view)
    watch_changes(shown)


def _show(view: View) -> None:
    """Draw what the view holds."""
    now = cache.context().clock()
    declared = cache.declared_mode()
    mode = read_mode(view, declared)
    window = read_window(view)
    picture = cache.coverage_view(mode, window)
    view = settle_view(view, picture.tables)
    show_unread()
    if state.take_weak():
        open_table(Layer.GRIDS)
    with st.container(horizontal=True, key="toolbar", vertical_alignment="center"):
        show_breadcrumb(view, mode, window)
        show_any_window(window)
        show_mode_switch(declared, mode)
        section = show_section_switch()
    show_outlook(mode, window, now, view.area_level, view.area_code)
    left, right = st.columns([2.7, 1], gap="small")
    with left, st.container(key="mapside"):
        headlines = view_models.headlines(mode, window, view.area_level, view.area_code)
        lists = rankings(mode, window, view.area_level, view.area_code)
        compared = [each.comparison for each in picture.references]
        for_hours = lists[RankingKind.PARTS].count if RankingKind.PARTS in lists else 0
        doubts = doubt_notes(lists[RankingKind.UNSURE].count, for_hours)
        norms = range_notes(view_models.total_range(mode, window, view.area_level, view.area_code))
        weak_way = state.address_of_weak("reinforce" if session.can(Action.PLAN) else "situation", view)
        show_figures(headline_tiles(headlines, compared, now, doubts=doubts, norms=norms, weak_way=weak_way))
        with st.container(key="presencebox"):  # always there: the map below would be loaded anew when a line comes
            show_presence(view, window)
            show_roster_note(view_models.roster_counts(mode, window, view.area_level, view.area_code), view.layer)
        with st.container(key="mapbox"):
            show_layer_switch(view)
            show_situation_map(view, mode, window)
        show_hours(view, mode, window, now)
    with right, st.container(key="side"):
        show_side(view, picture, mode, window)
    if section:
        show_section(section, view, picture, mode, window)


def show_empty() -> None:
    """Say what to do in a store that holds nothing."""
    with st.container(key="empty"):
        show_heading(_("Nothing is stored yet"))
        st.markdown(plain(_("Import your sub-districts, communities, grids, estates and members on the page Data.")))
        st.markdown(plain(_("To look around first, start the program on made-up data:")))
        st.code("gridmuster serve --demo", language=None)


def show_hours(view: View, mode: Mode, window: Window, now: datetime) -> None:
    """Show the next 72 hours; a click makes an hour the window."""
    ahead = view_models.hours(mode, window, now, view.area_level, view.area_code)
    show_hour_timeline(ahead, key="hours", on_choose=choose_hour)


def choose_hour() -> None:
    """Make the hour that was clicked the window."""
    chosen = getattr(state.widget_value("hours"), "hour", None)
    if chosen:
        state.change_view(window=chosen_window(str(chosen)))


with one_look():
    main()
