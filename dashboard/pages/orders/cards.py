"""The list of 派单: how many orders are at each step, and a card an order with what can be said of it next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import show_note
from dashboard.pages.orders import actions
from dashboard.pages.orders.actions import ALL, OVER, OVERDUE, OrderList
from dashboard.pages.orders.meeting_point import open_meeting_point
from dashboard.streamlit import session
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.planning import OrderProgress, OrderState
from services.rules.order_steps import ORDER_STEP_NAMES, OrderStep
from services.wording import number, short_time, short_window

_SAID: Final = (OrderStep.RECEIVED, OrderStep.SET_OUT, OrderStep.ARRIVED)
_MINUTES_SAID: Final = 120
"""From so many minutes on hours are said."""
_GROUPS: Final[tuple[tuple[str, Text], ...]] = (
    (OVERDUE, text("Overdue")),
    *((step.value, ORDER_STEP_NAMES[step]) for step in OrderStep),
    (OVER, text("over or recalled")),
)


def show_figures(order_list: OrderList) -> None:
    """Show how many orders are at each step; a click narrows the list to them."""
    shown = actions.shown_group()
    cells = [
        choice(
            "gm-bad" if group == OVERDUE and order_list.of(group) else "",
            group,
            part("small", "", _(label)),
            part("b", "", number(len(order_list.of(group)))),
            pressed="true" if group == shown else "false",
        )
        for group, label in _GROUPS
    ]
    show_panel("orders-figures", [part("div", "gm-steps", *cells)], actions.show_group)


def show_orders(order_list: OrderList) -> None:
    """Show the orders of the figure that is chosen, and what is said of several at once."""
    orders = order_list.of(actions.shown_group())
    may_report = session.can(Action.REPORT_ORDER)
    open_ones = [one for one in orders if order_list.group(one) != OVER]
    if may_report and open_ones:
        _show_several(open_ones)
    if not orders:
        show_note(
            _("No team was sent from or to here in these days.")
            if actions.shown_group() == ALL
            else _("There is no order of this kind now.")
        )
        return
    ticked = actions.chosen_orders()
    cards = [
        _card(one, order_list, may_report=may_report, is_ticked=one.order.id in ticked)
        for _position, one in show_pages(actions.NAME, orders)
    ]
    show_panel("orders-cards", [part("div", "gm-orders", *cards)], _press)


def _press(word: str) -> None:
    """Do what a button of a card says."""
    what, _colon, order_id = word.partition(":")
    if what == "meet":
        open_meeting_point(int(order_id))
    else:
        actions.press(word)


def _show_several(orders: Sequence[OrderProgress]) -> None:
    ticked = [one.order.id for one in orders if one.order.id in actions.chosen_orders()]
    with st.container(horizontal=True, key="orders-several", vertical_alignment="center", gap="small"):
        every = [one.order.id for one in orders]
        if len(ticked) == len(every):
            st.button(_("Tick none"), key="orders-none", on_click=actions.choose, args=((),))
        else:
            label = _("Tick all {count}", count=len(every))
            st.button(label, key="orders-all", on_click=actions.choose, args=(every,))
        for step in _SAID:
            st.button(
                _("{count} ticked: {step}", count=len(ticked), step=_(ORDER_STEP_NAMES[step])),
                key=f"orders-say-{step.value}",
                on_click=actions.report,
                args=(ticked, step),
                disabled=not ticked,
            )


def _card(one: OrderProgress, order_list: OrderList, *, may_report: bool, is_ticked: bool) -> Part:
    order, group = one.order, order_list.group(one)
    place = f"{one.to_name} · {one.estate_name}" if one.estate_name else one.to_name
    facts = (one.unit_name, short_window(order.window), order.purpose)
    style = "gm-order gm-late" if one.is_overdue(order_list.now) else "gm-order"
    head = [part("b", "", order.team_name), part("span", "", _("{n} people", n=order.people))]
    parts = [
        part("p", "gm-order-head", *head, part("em", f"gm-step gm-{group}", _state_words(one, order_list))),
        _way(one, place),
        part("p", "gm-quiet", " · ".join(fact for fact in facts if fact)),
        *_meeting(one),
    ]
    said = _said_words(one, order_list.now)
    if said:
        parts.append(part("p", "gm-quiet", said))
    if may_report and group != OVER:
        parts.append(part("div", "gm-order-says", *_buttons(one, is_ticked=is_ticked)))
    return part("div", style, *parts)


def _way(one: OrderProgress, place: str) -> Part:
    """Return from where to where; the place shows on the map, and the map its orders."""
    is_shown = one.order.to_code == actions.shown_place()
    target = choice("gm-link", f"place:{one.order.to_code}", place, pressed="true" if is_shown else "false")
    is_at_home = one.order.from_code == one.order.to_code
    return part("p", "", _("Called out at home: ") if is_at_home else f"{one.from_name or '–'} → ", target)


def _meeting(one: OrderProgress) -> list[Part]:
    """Return where people meet, as a button that tells whom they report to; where nobody said, to those who may."""
    place = one.meeting_place
    if place is None and not (one.is_awaited_here and session.can(Action.NOTE_MEETING_POINT)):
        return []
    words = place or (_("not stated yet") if place is None else _("whom to report to"))
    return [part("p", "", _("Meeting point: "), choice("gm-link", f"meet:{one.order.id}", words))]


def _buttons(one: OrderProgress, *, is_ticked: bool) -> list[Part]:
    number_ = one.order.id
    tick = choice("gm-tick", f"choose:{number_}", _("Tick"), pressed="true" if is_ticked else "false")
    steps = [step for step in _SAID if step.step > one.progress.step]
    sayable = [step for step in steps if one.is_awaited_here or step is not OrderStep.ARRIVED]
    says = [choice("gm-say", f"{step.value}:{number_}", _(ORDER_STEP_NAMES[step])) for step in sayable]
    if one.reports and (one.is_awaited_here or one.progress is not OrderStep.ARRIVED):
        says.append(choice("gm-undo", f"undo:{one.progress.value}:{number_}", _("Undo the report")))
    return [tick, *says]


def _state_words(one: OrderProgress, order_list: OrderList) -> str:
    state = one.order.state(order_list.now)
    if state is OrderState.RECALLED:
        return _("recalled")
    return _("over") if state is OrderState.OVER else _(ORDER_STEP_NAMES[one.progress])


def _said_words(one: OrderProgress, now: datetime) -> str:
    """Return who said last how far the team is, and for how long the next report has been lacking."""
    words = [f"{report.actor} {short_time(report.at)} {_(ORDER_STEP_NAMES[report.progress])}" for report in one.reports]
    if one.overdue_since is not None and one.is_overdue(now):
        words.append(_lateness(one.progress, now - one.overdue_since))
    return " · ".join(words)


def _lateness(progress: OrderStep, late: timedelta) -> str:
    """Return which report is lacking, and for how long."""
    lacking = OrderStep.RECEIVED if progress is OrderStep.SENT else OrderStep.ARRIVED
    step, minutes = _(ORDER_STEP_NAMES[lacking]), int(late.total_seconds()) // 60
    if minutes < _MINUTES_SAID:
        return _("“{step}” overdue for {minutes} min", step=step, minutes=minutes)
    return _("“{step}” overdue for {hours} h", step=step, hours=minutes // 60)
