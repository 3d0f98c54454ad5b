"""Sheets on the page: one to be filled in, with what is known in grey, or those of the level below to be signed."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.frame.use_case_button import show_use_cases
from dashboard.kit.html_table import show_table
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import plain, show_facts, show_heading, show_note
from dashboard.pages.matters import actions
from dashboard.streamlit import session, state
from services import matters
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.matters import SheetBoard, SheetForm, SheetTask
from services.matters.texts import board_words, change_texts, due_words, line_words, total_lines, value_words
from services.rules.matters.forms import FieldValue, FormField, local_name
from services.rules.matters.sheets import SHEET_STATE_NAMES, SheetState

_ORIGINS: Final[Mapping[str, Text]] = {
    "zone": text("from the zone"),
    "coverage": text("from the register of members"),
    "matters": text("from the matters"),
    "field": text("from another sheet"),
}
_TONES: Final = {SheetState.LATE: "bad", SheetState.SENT_BACK: "warn", SheetState.EMPTY: "warn"}
_MOST: Final = 10_000_000


def show_sheet(task: SheetTask) -> None:
    """Show a sheet: to be filled in, or those of the level below."""
    with show_refusal():
        if task.is_board:
            _show_board(matters.read_board(cache.context(), task.kind.code, str(task.zone), task.period))
        else:
            _show_form(matters.read_form(cache.context(), task.kind.code, str(task.zone), task.period))


def _show_form(form: SheetForm) -> None:
    show_heading(f"{form.kind.title} · {form.zone_name}", f"{form.period} · {_(SHEET_STATE_NAMES[form.state])}")
    show_note(" · ".join(filter(None, (due_words(form.due), form.kind.issuer, form.kind.explanation))))
    if form.reason:
        st.warning(plain(_("Sent back: {reason}", reason=form.reason)))
    if form.figures:
        show_facts(
            (each.title, f"{value_words(each, form.values.get(each.code))}（{_(_ORIGINS[each.path.split('.')[0]])}）")
            for each in form.figures
        )
    is_fixed = form.state is SheetState.FINAL or not session.can(Action.ACT_ON_MATTER)
    if is_fixed:
        show_facts((each.title, value_words(each, form.values.get(each.code))) for each in form.kind.typed_fields)
        show_note(_("This sheet is signed. The level above can send it back; then it can be changed."))
        return
    key = f"sheet-{form.kind.code}-{form.zone.code}-{form.period}-{form.revision}"
    values = _ask_values(form, key)
    with st.container(horizontal=True, key="sheet-do", gap="small"):
        st.button(_("Fill in"), key="sheet-fill", type="primary", on_click=_fill, args=(form, values, key, False))
        if form.state is not SheetState.COMPLETE:
            st.button(_("Save the draft"), key="sheet-draft", on_click=_fill, args=(form, values, key, True))


def _fill(form: SheetForm, values: Mapping[str, FieldValue | None], key: str, is_draft: bool) -> None:  # noqa: FBT001 - an argument of a button
    """Fill a sheet in with what stands in its fields now, which may be newer than what was drawn last."""
    now = {code: state.widget_value(f"{key}-{code}") for code in values}
    newest = {code: values[code] if value is None else value for code, value in now.items()}
    actions.fill(form, newest, is_draft=is_draft)


def _ask_values(form: SheetForm, key: str) -> dict[str, FieldValue | None]:
    """Show the fields that are typed, two in a row, each with what there is to say of it beneath."""
    values: dict[str, FieldValue | None] = {}
    places = {}
    for first in range(0, len(form.kind.typed_fields), 2):
        for column, field in zip(st.columns(2), form.kind.typed_fields[first : first + 2], strict=False):
            with column:
                values[field.code] = ask_value(field, form.values.get(field.code), f"{key}-{field.code}")
                places[field.code] = st.container()
    for note in form.notes({code: value for code, value in values.items() if value is not None}):
        if note.code in places:
            with places[note.code]:
                (st.caption if note.is_right else st.warning)(plain(_(note.text)))
    return values


def ask_value(field: FormField, value: FieldValue | None, key: str) -> FieldValue | None:
    """Show a field to be typed or chosen, and return what stands in it; None where nothing does."""
    label = plain(f"{field.title}（{field.unit}）" if field.unit else field.title)
    if field.type == "count":
        count = value if isinstance(value, int) else None
        return st.number_input(label, min_value=0, max_value=_MOST, value=count, step=1, key=key)
    if field.type == "text":
        return st.text_input(label, value=str(value or ""), max_chars=120, key=key)
    names = {choice.code: local_name(choice) for choice in field.choices} or {"yes": _("yes"), "no": _("no")}
    known = {1: "yes", 0: "no"}.get(value, "") if isinstance(value, int) else value
    options = list(names)
    index = options.index(known) if known in options else None
    return st.selectbox(label, options, index=index, format_func=lambda code: names[code], key=key)


def _show_board(board: SheetBoard) -> None:
    show_heading(f"{board.kind.title} · {board.area_name}", f"{board.period} · {due_words(board.due)}")
    show_note(board_words(board))
    for change in change_texts(board):
        st.warning(plain(_(change)))
    if session.can(Action.SIGN_SHEETS) and (board.roll_up.unsigned or board.changes):
        label = (
            _("Sign {count} sheets", count=len(board.roll_up.unsigned)) if board.roll_up.unsigned else _("Sign again")
        )
        args = (board.kind.code, board.area, board.period)
        st.button(label, key="sheet-sign", type="primary", on_click=actions.sign, args=args)
    show_facts(
        (field.title, " · ".join(_(words) for words in (total, more) if words))
        for field, total, more in total_lines(board)
    )
    headers = [_("Name"), _("State"), *(field.title for field in board.kind.typed_fields)]
    rows = [
        (
            line.name,
            _(SHEET_STATE_NAMES[line.state]),
            *(line_words(line, field) for field in board.kind.typed_fields),
        )
        for line in board.lines
    ]
    tones = [_TONES.get(line.state, "even") for line in board.lines]
    show_table(headers, rows, label=board.kind.title, kind="board", tones=tones)
    _show_return(board)


def _show_return(board: SheetBoard) -> None:
    """Let the level that signs send a sheet back."""
    complete = {line.matter_id: line.name for line in board.lines if line.zone.code in board.roll_up.complete}
    if not complete or not session.can(Action.SIGN_SHEETS):
        return
    with st.container(horizontal=True, key="sheet-return", gap="small", vertical_alignment="bottom"):
        number = st.selectbox(
            _("Send a sheet back"),
            [None, *complete],
            format_func=lambda each: complete.get(each, _("Choose…")),
            key="sheet-return-which",
            width=220,
        )
        if number is not None:
            show_use_cases([matters.return_matter], actions.NAME, {"number": number})
