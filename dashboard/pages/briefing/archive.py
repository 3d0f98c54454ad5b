"""Frozen briefings, to be opened again word for word, and past days, to be stepped through."""

from datetime import datetime, time

import streamlit as st

from dashboard import cache
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.outcome import attempt
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.briefing import draft
from dashboard.pages.briefing.files import show_kept_files
from dashboard.payloads.past_day import HOURS_A_DAY
from dashboard.streamlit import session, state
from dashboard.wall.query import WallQuery, screen_url
from services import briefing
from services.briefing import BriefingHead, BriefingRequest
from services.i18n import _, current_language, text
from services.rules.windows import MODE_NAMES
from services.wording import short_time, short_window, spoken_hour

MOST_LISTED = 20
MOST_COMPARED = 100
_OPEN = "briefing-open"
PAGE = "briefing"


def shown_number() -> int | None:
    """Return the number of the snapshot that is open, or None for the present."""
    number: int | None = state.saved_value(_OPEN)
    return number


def open_number(number: int | None) -> None:
    """Open a snapshot, or the present; meant for callbacks."""
    state.keep(_OPEN, number)


def freeze_now(request: BriefingRequest) -> None:
    """Keep the briefing as it is, under the next number; meant for callbacks."""
    with attempt(PAGE) as tell:
        tell(text("Frozen as snapshot {number}.", number=briefing.freeze(cache.context(), request)))


def show_archive() -> None:
    """Show the frozen briefings, newest first."""
    heads = briefing.list_briefings(cache.context(), limit=MOST_LISTED)
    show_heading(_("Snapshots"), _("Opened again word for word"))
    if not heads:
        show_note(_("None yet. Freezing keeps every word and map as they are now."))
    with st.container(key="snapshots", gap=None):
        for head in heads:
            _show_head(head)


def show_comparison() -> None:
    """Show the choice of the snapshot that the figures are compared with, among those of the own area."""
    own = session.actor().area
    heads = {
        head.number: head for head in briefing.list_briefings(cache.context(), limit=MOST_COMPARED) if head.area == own
    }
    chosen = draft.compared_with()
    if chosen not in heads:
        draft.compare_with(None)
    state.preset("briefing-compare", draft.compared_with())
    show_name_choice(
        _("Compare with"),
        {number: f"{number}  {_words(head)}" for number, head in heads.items()},
        key="briefing-compare",
        placeholder=_("Last one of the same hours on another day"),
        on_choose=lambda: draft.compare_with(state.widget_value("briefing-compare")),
        disabled=not heads,
    )


def _words(head: BriefingHead) -> str:
    return " · ".join((short_time(head.made_at), short_window(head.window), _(MODE_NAMES[head.mode])))


def _show_head(head: BriefingHead) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"snapshot-{head.number}"):
        st.button(
            f"**{head.number}** {plain(_words(head))}",
            key=f"open-{head.number}",
            type="tertiary",
            on_click=open_number,
            args=(head.number,),
            width="stretch",
        )
        address = screen_url(WallQuery(snapshot=head.number, language=current_language()))
        st.link_button(_("Screen"), address, help=_("Opens the full-screen in a new tab"))
        with st.popover(_("Files")), st.container(horizontal=True, gap="small", width="content"):
            show_kept_files(head)


def show_past(now: datetime) -> None:
    """Show the choice of a past day, and the way to it."""
    show_heading(_("Replay a day"), _("Hour by hour: weak grids, moves, gaps closed"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day = st.date_input(
            _("Day"), now.date(), max_value=now.date(), format="YYYY-MM-DD", label_visibility="collapsed", width=160
        )
        hour = st.selectbox(
            _("Hour"),
            range(HOURS_A_DAY),
            None,
            format_func=lambda hour: spoken_hour(datetime.combine(day, time(hour))),
            placeholder=_("Every hour"),
            label_visibility="collapsed",
            width=120,
        )
        address = screen_url(WallQuery(replay=day, hour=hour, language=current_language()))
        st.link_button(_("Replay"), address, icon=":material/play_arrow:")
