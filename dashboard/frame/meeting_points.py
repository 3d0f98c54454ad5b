"""Where people meet who are sent to a grid or an estate, and whom they report to: two fields each."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_facts, show_note
from dashboard.streamlit import session
from services import planning
from services.catalog.actions import Action
from services.i18n import _, text
from services.planning import MeetingPoint
from services.planning.meeting_points import NOT_STATED, Zone
from services.wording import UNKNOWN

CHANGED: Final = text("Meeting point kept. Texts and lists of orders have it from now on.")
_LONGEST: Final = 60


def ask_meeting_point(zone: Zone, name: str, before: MeetingPoint) -> MeetingPoint:
    """Show the fields of a grid or an estate with what is stated; return what stands there now."""
    left, right = st.columns(2, gap="medium")
    key = f"{zone[0].value}-{zone[1]}"
    place = left.text_input(plain(name), before.place, key=f"place-{key}", max_chars=_LONGEST)
    contact = right.text_input(_("Report to"), before.contact, key=f"contact-{key}", max_chars=_LONGEST)
    return MeetingPoint(place, contact)


def show_meeting_points(places: Mapping[Zone, str], *, may_change: bool) -> Mapping[Zone, MeetingPoint] | None:
    """Show what is stated for places that go by these names, as fields to whoever may change it.

    Parameters
    ----------
    places
        Grids and estates with their names, the one that counts most first.
    may_change
        Whether they lie in the own area.

    Returns
    -------
    mapping or None
        What is to be noted (``planning.note_meeting_points``) once the button is pressed, else None.
    """
    stated = planning.read_meeting_points(cache.context(), list(places))
    if not (may_change and session.can(Action.NOTE_MEETING_POINT)):
        point = next(iter(stated.values()), NOT_STATED)
        show_facts([(_("Meeting point"), point.place or UNKNOWN), (_("Report to"), point.contact or UNKNOWN)])
        return None
    show_note(_("What stands here is in every order text from now on; empty fields remove it."))
    with st.form("meeting-points", border=False):
        points = {zone: ask_meeting_point(zone, name, stated.get(zone, NOT_STATED)) for zone, name in places.items()}
        is_pressed = st.form_submit_button(_("Keep the meeting point"), type="primary", width="stretch")
    if not is_pressed:
        return None
    return {zone: point for zone, point in points.items() if point != stated.get(zone, NOT_STATED)}
