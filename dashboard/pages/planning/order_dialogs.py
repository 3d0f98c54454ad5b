"""What is asked and shown of orders in a box of its own: their texts, a recall of several, and one team's relief."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final, Literal

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.frame.meeting_points import CHANGED, show_meeting_points
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language
from services import planning
from services.export.orders import endings_text, orders_text
from services.i18n import _, text
from services.planning import Order, OrderEvent, PlanningSnapshot
from services.planning.order_sheets import read_order_lines
from services.wording import number, short_time, short_window

EVENT_NAMES: Final = {
    OrderEvent.SENT: text("sent to {grid}"),
    OrderEvent.RECALLED: text("recalled from {grid}"),
    OrderEvent.RELIEVED: text("relieved in {grid}"),
    OrderEvent.RECEIVED: text("order for {grid} received"),
    OrderEvent.SET_OUT: text("set out for {grid}"),
    OrderEvent.ARRIVED: text("there in {grid}"),
    OrderEvent.WITHDRAWN: text("a report for {grid} taken back"),
}
_OPEN: Final = "order-dialog"
_MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class OrderDialog:
    """Which box is open."""

    kind: str
    """``texts``, ``recall`` or ``order``."""
    numbers: tuple[int, ...] = ()
    """The orders it is about; none for all."""


def open_texts() -> None:
    """Open the texts of all orders of the window."""
    state.keep(_OPEN, OrderDialog("texts"))


def open_recall(numbers: Sequence[int]) -> None:
    """Open the recall of some orders."""
    state.keep(_OPEN, OrderDialog("recall", tuple(numbers)))


def open_order(order_id: int) -> None:
    """Open recall, relief and history of an order."""
    state.keep(_OPEN, OrderDialog("order", (order_id,)))


def close_dialog() -> None:
    """Open no box when the page is drawn next."""
    state.forget(_OPEN)


def show_open_dialog(planning_view: PlanningView, orders: Sequence[Order]) -> None:
    """Show the box that is open, if any."""
    dialog: OrderDialog | None = state.saved_value(_OPEN)
    if dialog is None:
        return
    about = [order for order in orders if not dialog.numbers or order.id in dialog.numbers]
    if not about:
        close_dialog()
    elif dialog.kind == "texts":
        _open(_("Orders as text"), _show_texts, about, width="large")
    elif dialog.kind == "recall":
        _open(_("Recall {count} orders", count=len(about)), _show_recall, about)
    else:
        _open(about[0].team_name, _show_order, planning_view, about[0])


def _open(title: str, draw: Callable[..., object], *args: object, width: Literal["small", "large"] = "small") -> None:
    st.dialog(title, width=width, on_dismiss=close_dialog)(keep_language(draw))(*args)


def _show_texts(orders: Sequence[Order]) -> None:
    lines = read_order_lines(cache.context(), orders)
    ended = [line for line in lines if line.ending]
    if ended:
        show_heading(_("Recalled or relieved"), _("{n} orders", n=number(len(ended))))
        st.code(endings_text(ended), language=None, wrap_lines=True)
    show_heading(_("Orders"))
    show_note(_("One order for each team, then one list for each receiving community."))
    show_note(_("Reading them is kept in the audit trail."))
    st.code(orders_text(lines), language=None, wrap_lines=True)


def _show_recall(orders: Sequence[Order]) -> None:
    """Ask for the one reason of all that are recalled."""
    named = "、".join(order.team_name for order in orders[:_MOST_NAMED])
    more = _("and {n} more", n=number(len(orders) - _MOST_NAMED)) if len(orders) > _MOST_NAMED else ""
    st.markdown(plain(" ".join(part for part in (named, more) if part)))
    show_note(_("Each comes home now; one that has not set out stays. The reason is for all of them."))
    with st.form("recall-several", border=False):
        reason = st.text_input(_("Reason"), max_chars=120, key="recall-reason")
        people = sum(order.people for order in orders)
        label = _("Recall {count} orders, {people} people", count=len(orders), people=people)
        if st.form_submit_button(label, type="primary", width="stretch"):
            _end(reason, lambda: _recall(orders, reason))


def _recall(orders: Sequence[Order], reason: str) -> None:
    result = planning.recall_orders(cache.context(), [order.id for order in orders], reason=reason)
    done = text("{count} orders recalled. Their texts are under “Text”.", count=len(result.changed))
    page_state.tell(done, tone="good")


def _show_order(planning_view: PlanningView, order: Order) -> None:
    """Show recall and relief of an order, and the history of its team."""
    there = planning_view.snapshot.place_name(order.to_code, order.estate_code)
    held = short_window(order.window)
    st.caption(plain(" · ".join((_("{n} people", n=order.people), there, held))))
    if order.until > planning_view.snapshot.now:
        reason = st.text_input(_("Reason"), max_chars=120, key=f"order-reason-{order.id}")
        if st.button(_("Recall"), key=f"recall-{order.id}", width="stretch"):
            _end(reason, lambda: planning.recall_order(cache.context(), order.id, reason=reason))
        _show_relief(planning_view, order, reason)
    show_heading(_("Meeting point"))
    _change_meeting_points(planning_view, order)
    show_heading(_("History"))
    for line in planning.team_history(cache.context(), order.team_code):
        what = _(EVENT_NAMES[line.what], grid=planning_view.snapshot.name(line.order.to_code))
        st.caption(plain(" · ".join(part for part in (short_time(line.at), line.actor, what, line.reason) if part)))


def _change_meeting_points(planning_view: PlanningView, order: Order) -> None:
    zones = planning.zones_of(order)
    names = [planning_view.snapshot.place_name(order.to_code, code) for code in (order.estate_code, "")]
    points = show_meeting_points(dict(zip(zones, names[-len(zones) :], strict=True)), may_change=True)
    if points is not None:
        close_dialog()
        with page_state.attempt():
            planning.note_meeting_points(cache.context(), points)
            page_state.tell(CHANGED, tone="good")
        st.rerun()


def _show_relief(planning_view: PlanningView, order: Order, reason: str) -> None:
    teams = _relief_teams(planning_view.snapshot, order)
    relief = show_name_choice(_("Relieved by"), teams, key=f"relief-{order.id}", placeholder=_("Choose a team"))
    if st.button(_("Relieve"), key=f"relieve-{order.id}", width="stretch"):
        if relief is None:
            st.error(_("Please choose the team that takes over."))
        else:
            _end(reason, lambda: planning.relieve_order(cache.context(), order.id, relief, reason=reason))


def _end(reason: str, act: Callable[[], object]) -> None:
    """Recall or relieve and close the box; without a reason, ask for one."""
    if not reason.strip():
        st.error(_("Please say why."))
        return
    close_dialog()
    with page_state.attempt():
        act()
    st.rerun()


def _relief_teams(snapshot: PlanningSnapshot, order: Order) -> dict[str, str]:
    """Return the teams that are free as a whole, by code in a line each, the nearest first."""
    table = planning.team_table(snapshot)
    ready = (table["free"] >= table["size"]) & (table["size"] > 0) & (table["home_code"] != order.to_code)
    free = table[ready & (table.index != order.team_code)]
    homes = snapshot.grids.index.get_indexer(pd.Index(free["home_code"]))
    minutes = np.full(len(free), np.nan)
    if snapshot.position(order.to_code) >= 0:
        minutes[homes >= 0] = snapshot.minutes_to(order.to_code)[homes[homes >= 0]]
    rows = list(zip(free.index, free["name"], free["size"], minutes, strict=True))
    order_of = np.argsort(minutes, kind="stable")
    return tell_apart({str(rows[k][0]): _relief_words(*rows[k][1:]) for k in order_of})


def _relief_words(name: str, size: int, minutes: float) -> str:
    way = "" if isnan(minutes) else _("{minutes} min on foot", minutes=round(minutes))
    return " · ".join(part for part in (name, _("{n} people", n=size), way) if part)
