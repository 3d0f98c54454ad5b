"""How many people were sent for the window and how many of them are there, and which of the two the figures count."""

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import show_note
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from services.i18n import _
from services.planning import PeopleCounts, Presence
from services.rules.classes import MapLayer
from services.rules.windows import Window
from services.wording import number


def show_presence(view: View, window: Window) -> None:
    """Show it where anybody was sent."""
    people = cache.people_counts(window)
    if not people.teams:
        return
    state.preset("presence-switch", view.presence or Presence.SENT.value)
    with st.container(horizontal=True, key="presence", vertical_alignment="center", gap="small"):
        show_note(presence_words(people))
        st.segmented_control(
            _("People sent count"),
            [each.value for each in Presence],
            key="presence-switch",
            required=True,
            format_func={Presence.SENT.value: _("As sent"), Presence.ARRIVED.value: _("As arrived")}.__getitem__,
            label_visibility="collapsed",
            on_change=_change_presence,
        )


def show_roster_note(counts: tuple[int, int], layer: str) -> None:
    """Say of how many grids rosters tell who is there, and how many are estimated.

    Where there are none, nothing, but with the layer of who could be called that it is all an estimate.
    """
    by_roster, estimated = counts
    if by_roster:
        words = _("By roster {by_roster} grids, estimated {estimated}", by_roster=by_roster, estimated=estimated)
        only = _("on rosters count only those who have confirmed")
        show_note(f"{words} · {only}")
    elif layer == MapLayer.CALLABLE:
        show_note(
            _(
                "No published roster holds in this window: who could be called are all who have time then, by the"
                " estimate of supply."
            )
        )


def presence_words(people: PeopleCounts) -> str:
    """Return how many people were sent and how many of them are there, in words."""
    return _("{sent} people sent · {arrived} there", sent=number(people.sent), arrived=number(people.arrived))


def _change_presence() -> None:
    chosen = state.widget_value("presence-switch")
    state.change_view(presence="" if chosen == Presence.SENT.value else chosen)
