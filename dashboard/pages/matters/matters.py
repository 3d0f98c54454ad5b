"""事项: what waits for whoever looks, what they asked for, sheets to fill in or sign, and everything else."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.frame.toolbar import is_ready
from dashboard.kit.html_table import dress_data
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.outcome import show_outcome
from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import bring_into_view, show_heading, show_note
from dashboard.live.live_reload import version_shown, watch_changes, watch_clock
from dashboard.pages.matters import actions
from dashboard.pages.matters.actions import Tab
from dashboard.pages.matters.details import show_matter
from dashboard.pages.matters.forms import show_sheet
from dashboard.pages.matters.new_matter import open_dialog, show_dialog
from dashboard.streamlit import session, state
from services import matters
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.matters import MatterLists, MatterView, SheetTask
from services.matters.texts import due_words, state_text, time_words
from services.rules.matters.sheets import SHEET_STATE_NAMES, SheetState

STYLE = Path(__file__).with_name("matters.css")


_TITLES: Final[dict[Tab, Text]] = {
    Tab.WAITING: text("To do"),
    Tab.OWN: text("Asked by us"),
    Tab.SHEETS: text("Sheets"),
    Tab.ALL: text("All"),
}
_EMPTY: Final[dict[Tab, Text]] = {
    Tab.WAITING: text("Nothing is waiting for you."),
    Tab.OWN: text("Nothing that you asked for is under way."),
    Tab.SHEETS: text("No sheet is in force now."),
    Tab.ALL: text("Nothing was asked in 90 days."),
}


def main() -> None:
    """Draw the page."""
    shown = version_shown()
    if not is_ready(STYLE):
        return
    dress_data()
    now = cache.context().clock()
    lists, tasks = matters.read_matters(cache.context()), matters.read_sheets(cache.context())
    if session.can(Action.ASK_MATTER):
        show_dialog()
    left, right = st.columns([2, 3], gap="medium")
    with left:
        show_heading(_("Matters"), _count_words(lists, tasks))
        tab = _show_bar(lists, tasks)
        show_outcome(actions.NAME)
        if tab is Tab.SHEETS:
            _show_tasks(tasks)
        else:
            _show_list(tab, _rows(tab, lists), now)
    with right, st.container(key="matter-details"):
        _show_chosen(tab, lists, tasks, now)
    watch_clock(now)
    watch_changes(shown)


def _rows(tab: Tab, lists: MatterLists) -> Sequence[MatterView]:
    return {Tab.WAITING: lists.waiting, Tab.OWN: lists.own}.get(tab, lists.matters)


def _to_do(tasks: Sequence[SheetTask]) -> int:
    """Return how many sheets are to be filled in, or have any to be signed below."""
    open_states = {SheetState.EMPTY, SheetState.DRAFT, SheetState.LATE, SheetState.SENT_BACK}
    return sum(task.state in open_states for task in tasks if not task.is_board)


def _count_words(lists: MatterLists, tasks: Sequence[SheetTask]) -> str:
    return _(
        "{waiting} to do · {late} late · {sheets} sheets to fill in",
        waiting=len(lists.waiting),
        late=len(lists.late),
        sheets=_to_do(tasks),
    )


def _show_bar(lists: MatterLists, tasks: Sequence[SheetTask]) -> Tab:
    counts = {Tab.WAITING: len(lists.waiting), Tab.OWN: len(lists.own), Tab.SHEETS: _to_do(tasks)}
    if state.saved_value(actions.TAB) not in set(Tab):
        state.keep(actions.TAB, Tab.WAITING)
    with st.container(horizontal=True, key="matters-bar", gap="small", vertical_alignment="center"):
        tab = st.segmented_control(
            _("Which matters"),
            list(Tab),
            key=actions.TAB,
            required=True,
            format_func=lambda each: f"{_(_TITLES[each])} {counts[each]}" if counts.get(each) else _(_TITLES[each]),
            label_visibility="collapsed",
        )
        if session.can(Action.ASK_MATTER):
            st.button(_("Ask for something…"), key="matter-new", type="primary", on_click=open_dialog)
    return Tab(tab or Tab.WAITING)


def _show_list(tab: Tab, views: Sequence[MatterView], now: datetime) -> None:
    if not views:
        show_note(_(_EMPTY[tab]))
        return
    chosen = actions.shown_matter(views)
    pages = show_pages(f"{actions.NAME}-{tab}", views)
    cards = [_card(view, now, is_open=chosen is not None and view.id == chosen.id) for _place, view in pages]
    show_panel("matters-list", [part("div", "gm-cards", *cards)], actions.open_matter)


def _card(view: MatterView, now: datetime, *, is_open: bool) -> Part:
    late = view.level > 0
    head = part(
        "span",
        "gm-card-head",
        part("b", "", view.title or view.subject),
        part("em", f"gm-step gm-{view.state.value}", _(state_text(view))),
    )
    sides = f"{view.kind.title} · {view.asker} → {view.owner}"
    if view.is_for_unit:
        sides += " · " + _("no account, answered for")
    lines = [head, part("span", "gm-quiet", sides)]
    if words := time_words(view, now):
        lines.append(part("span", "gm-broken" if late else "gm-quiet", words))
    return choice("gm-card", str(view.id), *lines, pressed="true" if is_open else "false")


def _show_tasks(tasks: Sequence[SheetTask]) -> None:
    if not tasks:
        show_note(_(_EMPTY[Tab.SHEETS]))
        return
    chosen = actions.shown_sheet(tasks)
    pages = show_pages(f"{actions.NAME}-sheets", tasks)
    cards = [_task_card(task, is_open=chosen is not None and task == chosen) for _place, task in pages]
    show_panel("sheets-list", [part("div", "gm-cards", *cards)], actions.open_sheet)


def _task_card(task: SheetTask, *, is_open: bool) -> Part:
    words = _(SHEET_STATE_NAMES[task.state])
    if task.is_board:
        words = _("{part}/{all} filled in", part=task.complete, all=task.expected)
    is_late = task.state is SheetState.LATE and not task.is_board
    head = part("span", "gm-card-head", part("b", "", task.kind.title), part("em", f"gm-step gm-{task.state}", words))
    place = f"{task.zone_name} · {task.period} · {due_words(task.due)}"
    lines = [head, part("span", "gm-broken" if is_late else "gm-quiet", place)]
    return choice("gm-card", actions.sheet_word(task), *lines, pressed="true" if is_open else "false")


def _show_chosen(tab: Tab, lists: MatterLists, tasks: Sequence[SheetTask], now: datetime) -> None:
    if tab is Tab.SHEETS:
        task = actions.shown_sheet(tasks)
        if task is not None:
            show_sheet(task)
            if actions.is_sheet_chosen():
                bring_into_view("matter-details", actions.sheet_word(task))
            return
    else:
        view = actions.shown_matter(_rows(tab, lists))
        if view is not None:
            show_matter(view.id, now)
            if actions.is_chosen():
                bring_into_view("matter-details", str(view.id))
            return
    if tasks if tab is Tab.SHEETS else _rows(tab, lists):
        show_note(_("Choose one of the list: here stands what it is, what can be done, and its history."))


main()
