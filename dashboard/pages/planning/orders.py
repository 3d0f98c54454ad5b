"""The orders that hold in the window: as text to copy, as files, and recall, relief and history of a team."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from math import isnan
from typing import Final, Protocol

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit.fragments import keep_language
from dashboard.web.routes import XLSX_TYPE, issue_download
from services import planning
from services.catalog.actions import Action
from services.export.facts import holds_demo
from services.export.orders import orders_pdf, orders_text, orders_xlsx
from services.i18n import _, text
from services.planning import Order, OrderEvent, OrderState, PlanningSnapshot
from services.planning.order_sheets import OrderLine, read_order_lines
from services.rules.windows import Window
from services.wording import number, short_time, short_window

STATE_NAMES: Final = {
    OrderState.AHEAD: text("ahead"),
    OrderState.RUNNING: text("on duty"),
    OrderState.OVER: text("over"),
    OrderState.RECALLED: text("recalled"),
}
EVENT_NAMES: Final = {
    OrderEvent.SENT: text("sent to {grid}"),
    OrderEvent.RECALLED: text("recalled from {grid}"),
    OrderEvent.RELIEVED: text("relieved in {grid}"),
    OrderEvent.RECEIVED: text("order for {grid} received"),
    OrderEvent.SET_OUT: text("set out for {grid}"),
    OrderEvent.ARRIVED: text("there in {grid}"),
    OrderEvent.WITHDRAWN: text("a report for {grid} taken back"),
}


def show_orders(planning_view: PlanningView) -> None:
    """Show the orders of the window, if there are any."""
    orders = [order for order in planning_view.snapshot.orders if order.start < order.until]
    if not orders:
        return
    with st.container(key="orders", gap="small"):
        show_heading(_("Orders of this window"), _("{n} teams sent", n=number(len({o.team_code for o in orders}))))
        with st.container(horizontal=True, gap="small"):
            if st.button(_("Text"), key="orders-text"):
                st.dialog(_("Orders as text"), width="large")(keep_language(_show_text))(orders)
            _show_files(planning_view, orders)
        for order in orders:
            _show_order(planning_view, order)


def _show_files(planning_view: PlanningView, orders: Sequence[Order]) -> None:
    name = f"gridmuster-orders-{planning_view.window.start:%Y%m%d-%H%M}"
    st.link_button("XLSX", issue_download(f"{name}.xlsx", XLSX_TYPE, partial(_make_file, orders, orders_xlsx)))
    st.link_button("PDF", issue_download(f"{name}.pdf", "application/pdf", partial(_make_file, orders, orders_pdf)))


class _Writer(Protocol):
    def __call__(self, lines: Sequence[OrderLine], made_at: datetime, *, fictitious: bool) -> bytes: ...


def _make_file(orders: Sequence[Order], write: _Writer) -> bytes:
    context = cache.context()
    lines = read_order_lines(context, orders)
    return write(lines, context.clock(), fictitious=holds_demo(context, Action.VIEW_ORDERS))


def _show_text(orders: Sequence[Order]) -> None:
    show_note(_("One order for each team, then one list for each receiving community."))
    show_note(_("Reading them is kept in the audit trail."))
    st.code(orders_text(read_order_lines(cache.context(), orders)), language=None, wrap_lines=True)


def _show_order(planning_view: PlanningView, order: Order) -> None:
    said = _(STATE_NAMES[order.state(planning_view.snapshot.now)])
    people, snapshot = _("{n} people", n=order.people), planning_view.snapshot
    with st.container(horizontal=True, key=f"order-{order.id}", gap="small", vertical_alignment="center"):
        there = snapshot.place_name(order.to_code, order.estate_code)
        way = f"{snapshot.name(order.from_code) if order.from_code else '–'} → {there}"
        held = Window(order.start, order.until)
        where = way if held == planning_view.window else f"{way} · {short_window(held)}"
        st.markdown(f"**{plain(order.team_name)}** {plain(f'{people} · {said}')}  \n{plain(where)}")
        label = plain(_("Recall, relieve, history: {team}", team=order.team_name))
        if st.button(label, icon=":material/more_horiz:", key=f"order-more-{order.id}", type="tertiary"):
            st.dialog(order.team_name)(keep_language(_show_actions))(planning_view, order)


def _show_actions(planning_view: PlanningView, order: Order) -> None:
    """Show recall and relief of an order, and the history of its team."""
    there = planning_view.snapshot.place_name(order.to_code, order.estate_code)
    held = short_window(Window(order.start, order.until))
    st.caption(plain(" · ".join((_("{n} people", n=order.people), there, held))))
    if order.until > planning_view.snapshot.now:
        reason = st.text_input(_("Reason"), max_chars=120, key=f"order-reason-{order.id}")
        if st.button(_("Recall"), key=f"recall-{order.id}", width="stretch"):
            _end(reason, lambda: planning.recall_order(cache.context(), order.id, reason=reason))
        _show_relief(planning_view, order, reason)
    show_heading(_("History"))
    for line in planning.team_history(cache.context(), order.team_code):
        what = _(EVENT_NAMES[line.what], grid=planning_view.snapshot.name(line.order.to_code))
        st.caption(plain(" · ".join(part for part in (short_time(line.at), line.actor, what, line.reason) if part)))


def _show_relief(planning_view: PlanningView, order: Order, reason: str) -> None:
    teams = _relief_teams(planning_view.snapshot, order)
    relief = show_name_choice(_("Relieved by"), teams, key=f"relief-{order.id}", placeholder=_("Choose a team"))
    if st.button(_("Relieve"), key=f"relieve-{order.id}", width="stretch"):
        if relief is None:
            st.error(_("Please choose the team that takes over."))
        else:
            _end(reason, lambda: planning.relieve_order(cache.context(), order.id, relief, reason=reason))


def _end(reason: str, act: Callable[[], object]) -> None:
    """Recall or relieve and close the dialog; without a reason, ask for one."""
    if not reason.strip():
        st.error(_("Please say why."))
        return
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
