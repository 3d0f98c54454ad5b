"""What a liaison is asked: how many teams and people the own unit has, and how many of them are sent where."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import plain, show_facts, show_heading, show_note
from dashboard.pages.orders.actions import OVER, OrderList
from dashboard.streamlit import session
from geo.schema import Layer
from services import rostering
from services.briefing.words import join_names
from services.i18n import _
from services.planning.service_overview import ServiceOverview
from services.rostering import PlacedDuty
from services.rules.roster.duties import DUTY_STATE_NAMES
from services.wording import number, short_window

_MOST: Final = 4
_MOST_DUTIES: Final = 8


def show_own_unit(order_list: OrderList, overview: ServiceOverview) -> None:
    """Say it to whoever is in charge of a unit, and list the duties of the unit that are to come."""
    own = session.actor().area
    if own.layer is Layer.UNITS:
        st.info(plain(unit_words(order_list, overview)))
        now = cache.context().clock()
        duties = rostering.read_unit_duties(cache.context(), own.code)
        show_unit_duties([each for each in duties if each.duty.fills and each.duty.window.end > now])


def show_unit_duties(duties: Sequence[PlacedDuty]) -> None:
    """Show the duties of a unit that are to come, the next first; nobody is named."""
    if not duties:
        return
    people = sum(each.duty.heads for each in duties)
    with st.container(key="unit-duties", gap="small"):
        show_heading(_("Duties of the unit"), _("{n} person-shifts", n=number(people)))
        show_facts((short_window(each.duty.window), _duty_words(each)) for each in duties[:_MOST_DUTIES])
        if duties[_MOST_DUTIES:]:
            show_note(_("… and {n} more", n=number(len(duties) - _MOST_DUTIES)))


def _duty_words(placed: PlacedDuty) -> str:
    who = _("{n} people", n=placed.duty.heads)
    return " · ".join((placed.post_name, who, _(DUTY_STATE_NAMES[placed.duty.state])))


def unit_words(order_list: OrderList, overview: ServiceOverview) -> str:
    """Return what the own unit has, and where its teams are asked to be by orders that are not over."""
    members = sum(overview.members.values()) + overview.unplaced
    own = _(
        "Own unit: {teams} teams of {people} people, {members} members in all.",
        teams=number(overview.teams),
        people=number(overview.team_people),
        members=number(members),
    )
    places: Counter[str] = Counter()
    for one in order_list.orders:
        if order_list.group(one) != OVER:
            places[one.to_name] += one.order.people
    if not places:
        return _("{own} {asked}", own=own, asked=_("No team of it is sent in this window."))
    named = [_("{place} {n} people", place=place, n=number(n)) for place, n in places.most_common(_MOST)]
    words = _("{n} people are sent: {places}.", n=number(places.total()), places=join_names(named))
    if len(places) > _MOST:
        words = _(
            "{n} people are sent to {many} places, most to: {places}.",
            n=number(places.total()),
            many=number(len(places)),
            places=join_names(named),
        )
    return _("{own} {asked}", own=own, asked=words)
