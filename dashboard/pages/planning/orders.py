"""The orders of the window: ticked and recalled together, as text to copy, as files, and each with its history."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import streamlit as st

from dashboard import cache
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import show_heading
from dashboard.pages.planning import order_dialogs
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.web.routes import XLSX_TYPE, issue_download
from services.accounts import Imprint
from services.catalog.actions import Action
from services.export.facts import holds_demo
from services.export.file_names import orders_file_name
from services.export.orders import orders_pdf, orders_xlsx
from services.i18n import _, text
from services.planning import Order, OrderState
from services.planning.order_sheets import OrderLine, read_order_lines
from services.rules.windows import Window
from services.wording import number, short_window

STATE_NAMES: Final = {
    OrderState.AHEAD: text("ahead"),
    OrderState.RUNNING: text("on duty"),
    OrderState.OVER: text("over"),
    OrderState.RECALLED: text("recalled"),
}
_LIST: Final = "window-orders"
_TICKED: Final = "window-orders-ticked"
_STYLE: Final = Path(__file__).parent / "orders.css"


def show_orders(planning_view: PlanningView) -> None:
    """Show the orders of the window, recalled ones too, if there are any."""
    orders = cache.window_orders(planning_view.window)
    if not orders:
        return
    now = planning_view.snapshot.now
    held = [order for order in orders if order.state(now) in {OrderState.AHEAD, OrderState.RUNNING}]
    st.html(_STYLE)
    with st.container(key="orders", gap="small"):
        show_heading(_("Orders of this window"), _("{n} teams sent", n=number(len({o.team_code for o in held}))))
        _show_papers(planning_view.window)
        if held:
            _show_recall(held)
        rows = [_row(planning_view, order) for _position, order in show_pages(_LIST, orders)]
        show_panel("window-order-rows", [part("div", "gm-sent", *rows)], _press)
    order_dialogs.show_open_dialog(planning_view, orders)


def _show_papers(window: Window) -> None:
    name = cache.imprint().area
    xlsx, pdf = (orders_file_name(name, window.start, suffix) for suffix in (".xlsx", ".pdf"))
    with st.container(horizontal=True, gap="small", key="order-papers"):
        st.button(_("Text"), key="orders-text", on_click=order_dialogs.open_texts)
        st.link_button("XLSX", issue_download(xlsx, XLSX_TYPE, partial(_make_file, window, orders_xlsx)))
        st.link_button("PDF", issue_download(pdf, "application/pdf", partial(_make_file, window, orders_pdf)))


class _Writer(Protocol):
    def __call__(
        self, lines: Sequence[OrderLine], made_at: datetime, *, fictitious: bool, imprint: Imprint
    ) -> bytes: ...


def _make_file(window: Window, write: _Writer) -> bytes:
    """Return the orders of a window as they stand when the file is fetched, recalled ones too."""
    context = cache.context()
    lines = read_order_lines(context, cache.window_orders(window))
    fictitious = holds_demo(context, Action.VIEW_ORDERS)
    return write(lines, context.clock(), fictitious=fictitious, imprint=cache.imprint())


def ticked_orders() -> frozenset[int]:
    """Return the numbers of the orders that are ticked."""
    return frozenset(state.saved_value(_TICKED) or ())


def _show_recall(held: Sequence[Order]) -> None:
    """Show the buttons that tick all and recall those that are ticked."""
    every = {order.id for order in held}
    chosen = sorted(every & ticked_orders())
    is_all = len(chosen) == len(every)
    with st.container(horizontal=True, gap="small", key="order-recall"):
        label = _("Tick none") if is_all else _("Tick all {count}", count=len(every))
        st.button(label, key="orders-tick-all", on_click=_tick, args=(set() if is_all else every,))
        st.button(
            _("Recall {count} ticked…", count=len(chosen)),
            key="orders-recall",
            disabled=not chosen,
            on_click=order_dialogs.open_recall,
            args=(chosen,),
        )


def _tick(numbers: set[int]) -> None:
    state.keep(_TICKED, frozenset(numbers))


def _press(word: str) -> None:
    what, _colon, number_ = word.partition(":")
    if what == "tick":
        _tick(set(ticked_orders() ^ {int(number_)}))
    else:
        order_dialogs.open_order(int(number_))


def _row(planning_view: PlanningView, order: Order) -> Part:
    snapshot, order_state = planning_view.snapshot, order.state(planning_view.snapshot.now)
    there = snapshot.place_name(order.to_code, order.estate_code)
    way = f"{snapshot.name(order.from_code) if order.from_code else '–'} → {there}"
    where = way if order.window == planning_view.window else f"{way} · {short_window(order.window)}"
    people = _("{n} people", n=order.people)
    is_ticked = "true" if order.id in ticked_orders() else "false"
    can_end = order_state in {OrderState.AHEAD, OrderState.RUNNING}
    return part(
        "div",
        "gm-sent-row" if can_end else "gm-sent-row gm-ended",
        *([choice("gm-tick", f"tick:{order.id}", _("Tick"), pressed=is_ticked)] if can_end else []),
        part(
            "p",
            "",
            part("b", "", order.team_name),
            part("span", "", f"{people} · {_(STATE_NAMES[order_state])}"),
            part("small", "", where),
        ),
        choice("gm-more", f"more:{order.id}", "…", label=_("Recall, relieve, history: {team}", team=order.team_name)),
    )
