"""交接: post by post who is there now, who leaves and comes within two hours, and where nobody is, for a screen."""

from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.community_choice import show_community_choice
from dashboard.kit.html_table import dress_data
from dashboard.kit.pager import show_pages, to_first_page
from dashboard.kit.widgets import Tile, TileNote, show_figures, show_heading, show_note
from dashboard.live.live_reload import version_shown, watch_changes, watch_clock
from dashboard.pages.handover.table import show_posts
from services.i18n import _, text
from services.rostering import Handover
from services.rostering.handover_texts import period_text
from services.wording import number

STYLE = Path(__file__).with_name("handover.css")
NAME = "handover"
COMMUNITY = "handover-community"
NO_ROSTER = text(
    "No roster is published for this time. Publish one on the page Duty roster; drafts are not shown here."
)


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    dress_data()
    now = cache.context().clock()
    whole = cache.handover(now)
    with st.container(horizontal=True, key="handover-bar", vertical_alignment="center"):
        show_heading(_("Who is where, who leaves and who comes"), period_text(whole))
        handover = whole.within(
            show_community_choice(whole.communities, key=COMMUNITY, on_choose=lambda: to_first_page(NAME))
        )
    if whole.rosters:
        show_figures(figure_tiles(handover))
    if handover.rows:
        show_posts(handover, [row for _place, row in show_pages(NAME, handover.rows)])
    else:
        show_note(_("Nobody is on duty now or within two hours.") if whole.rosters else _(NO_ROSTER))
    watch_clock(now)
    watch_changes(shown)


def figure_tiles(handover: Handover) -> list[Tile]:
    """Return the figures above the posts; where nobody is comes first."""
    figures = handover.figures
    soon = figures.unmanned_soon
    return [
        Tile(
            _("Posts without anybody"),
            number(figures.unmanned),
            _("posts now"),
            (TileNote(_("{n} more within 2 hours", n=soon), "bad"),) if soon else (),
        ),
        Tile(
            _("On duty"),
            number(figures.people),
            _("people"),
            (
                TileNote(_("of {seats} seats", seats=number(figures.seats))),
                TileNote(_("to be confirmed {n}", n=figures.to_confirm)),
                TileNote(_("reserve {n}", n=figures.reserves)),
            ),
        ),
        Tile(
            _("Open seats"),
            number(figures.open),
            _("seats now"),
            (TileNote(_("open in shifts that begin within 2 hours: {n}", n=figures.open_soon)),),
        ),
        Tile(
            _("Leave within 2 hours"),
            number(figures.departures),
            _("people"),
            (TileNote(_("{n} people come", n=figures.arrivals)),),
        ),
    ]


main()
