"""What a liaison is asked: how many teams and people the own unit has, and how many of them are sent where."""

from collections import Counter
from typing import Final

import streamlit as st

from dashboard.kit.widgets import plain
from dashboard.pages.orders.actions import OVER, OrderList
from dashboard.streamlit import session
from geo.schema import Layer
from services.briefing.words import join_names
from services.i18n import _
from services.planning.service_overview import ServiceOverview
from services.wording import number

_MOST: Final = 4


def show_own_unit(order_list: OrderList, overview: ServiceOverview) -> None:
    """Say it to whoever is in charge of a unit."""
    if session.actor().area.layer is Layer.UNITS:
        st.info(plain(unit_words(order_list, overview)))


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
