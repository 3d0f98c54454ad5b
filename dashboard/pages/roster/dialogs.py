"""What the page 值守 asks: a new roster, how shifts are made, whether it is published, and why a rule is set aside."""

from datetime import timedelta
from functools import partial

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.roster import actions
from dashboard.pages.roster.board import day_words
from dashboard.streamlit import session, state
from dashboard.streamlit.fragments import keep_language
from dashboard.web.routes import XLSX_TYPE, issue_download
from services import rostering
from services.export.file_names import file_name
from services.export.rosters import export_clear_roster
from services.i18n import _, text
from services.rostering import RosterCapacity, RosterSettings, community_names
from services.rules.areas import EVERYWHERE, Area
from services.rules.privacy import is_reason
from services.rules.roster.pattern import PATTERN_NAMES, DayHours, Pattern
from services.rules.roster.posts import POST_KIND_NAMES, PostKind
from services.rules.windows import MODE_NAMES, Mode
from services.wording import number

_NEW, _GENERATE, _PUBLISH, _CONFIRM, _CLOSE, _SHEET = "new", "generate", "publish", "confirm", "close", "sheet"
_OPEN = "roster-dialog"
_MEASURED = tuple(kind for kind in PostKind if kind not in {PostKind.ROAMING, PostKind.POINT})


def open_new() -> None:
    """Ask for a new roster when the page is drawn next."""
    state.keep(_OPEN, _NEW)


def open_generation() -> None:
    """Ask how shifts are made."""
    state.keep(_OPEN, _GENERATE)


def open_publication() -> None:
    """Ask whether the roster is published."""
    state.keep(_OPEN, _PUBLISH)


def open_confirmation() -> None:
    """Ask who of those on the roster said yes."""
    state.keep(_OPEN, _CONFIRM)


def open_close() -> None:
    """Ask whether the roster is closed."""
    state.keep(_OPEN, _CLOSE)


def open_internal_sheet() -> None:
    """Ask why names are needed in clear on paper."""
    state.keep(_OPEN, _SHEET)


def show_question() -> None:
    """Show the dialog that is open: what was asked for, or a duty that breaks rules."""
    waiting = actions.question()
    if waiting is not None:
        st.dialog(_("Put in all the same?"), on_dismiss=actions.forget_question)(keep_language(_ask_reason))(waiting)
        return
    titles = {
        _NEW: (_("New roster"), _ask_new),
        _GENERATE: (_("Generate shifts"), _ask_generation),
        _PUBLISH: (_("Publish the roster"), _ask_publication),
        _CONFIRM: (_("Who said yes"), _ask_confirmation),
        _CLOSE: (_("Close the roster"), _ask_close),
        _SHEET: (_("Version for the office"), _ask_internal_sheet),
    }
    opened = titles.get(str(state.saved_value(_OPEN) or ""))
    if opened is not None:
        title, ask = opened
        st.dialog(title, on_dismiss=_dismiss)(keep_language(ask))()


def _dismiss() -> None:
    state.forget(_OPEN)


def _ask_new() -> None:
    now = cache.context().clock()
    monday = (now + timedelta(days=(7 - now.weekday()) % 7 or 7)).date()
    declared = cache.declared_mode().mode
    with st.form("roster-new-form", border=False):
        start = st.date_input(_("First day"), monday, min_value=now.date(), format="YYYY-MM-DD")
        days = st.number_input(_("Days"), 1, 31, 7, step=1)
        modes = list(Mode)
        mode = (
            st.selectbox(_("Mode"), modes, index=modes.index(declared), format_func=lambda each: _(MODE_NAMES[each]))
            or declared
        )
        name = st.text_input(_("Name (may be left empty)"), max_chars=60)
        if st.form_submit_button(_("Make the roster"), type="primary", width="stretch"):
            _dismiss()
            actions.create(_own_area(), start, int(days), mode, name)
            st.rerun()


def _own_area() -> Area:
    area = session.actor().area
    return area if area.layer is not None else EVERYWHERE


def _ask_generation() -> None:
    roster_id = actions.shown_roster()
    if roster_id is None:
        return
    patterns = list(Pattern)
    pattern = st.selectbox(_("Pattern"), patterns, format_func=lambda each: _(PATTERN_NAMES[each])) or patterns[0]
    hours = st.slider(_("Hours of the day"), 0, 24, (8, 22), disabled=pattern is Pattern.FOUR_SHIFTS)
    kinds = st.multiselect(
        _("Kinds of posts"),
        list(_MEASURED),
        format_func=lambda each: _(POST_KIND_NAMES[each]),
        placeholder=_("All"),
    )
    whole = pattern is Pattern.FOUR_SHIFTS
    settings = RosterSettings(pattern, DayHours() if whole else DayHours(*hours), tuple(kind.value for kind in kinds))
    with show_refusal():
        context, inputs = cache.context(), cache.coverage_inputs()
        roster, plan, people = rostering.look_at_shifts(context, roster_id, inputs, settings)
        show_note(capacity_words(rostering.capacity_of(roster, plan.total, people)))
        show_note(
            _(
                "{shifts} shifts at {posts} posts; people who are in shifts already stay.",
                shifts=number(plan.count),
                posts=number(len(plan.posts)),
            )
        )
        if st.button(_("Generate {n} seats", n=number(plan.total)), type="primary", width="stretch"):
            _dismiss()
            actions.generate(settings)
            st.rerun()


def capacity_words(capacity: RosterCapacity) -> str:
    """Return what is asked for against what people give at most."""
    return _(
        "{seats} person-shifts are asked for. {people} people × {week} a week = {most}: {share}% filled at most.",
        seats=number(capacity.seats),
        people=number(capacity.people),
        week=capacity.week_duties,
        most=number(capacity.most),
        share=capacity.percent,
    )


def _ask_publication() -> None:
    roster_id = actions.shown_roster()
    if roster_id is None:
        return
    figures = cache.roster_board(roster_id).figures
    st.markdown(
        plain(
            _(
                "{filled} of {seats} seats are taken, {open} stay open.",
                filled=number(figures.filled),
                seats=number(figures.seats),
                open=number(figures.open),
            )
        )
    )
    show_note(
        _(
            "Whoever is in a shift is then to confirm, and no other published roster may hold the same posts at the"
            " same time. Nothing is sent to anybody: give the roster out yourself. In the hours of the roster the map"
            " then counts who has confirmed, and no longer an estimate."
        )
    )
    if st.button(_("Publish"), type="primary", width="stretch"):
        _dismiss()
        actions.publish()
        st.rerun()


def _ask_confirmation() -> None:
    """Ask of which community and day everybody who is to confirm has done so; single answers are noted in the shift."""
    roster_id = actions.shown_roster()
    if roster_id is None:
        return
    board = cache.roster_board(roster_id)
    names = community_names(board, cache.coverage_inputs())
    community = st.selectbox(
        _("Community"), ["", *names], format_func=lambda code: names.get(code, _("Every community"))
    )
    day = st.selectbox(
        _("Day"), [None, *board.roster.dates], format_func=lambda each: day_words(each) if each else _("Every day")
    )
    waiting = board.to_confirm(community or "", day)
    show_note(_("Single answers are noted in the shift; here all of them at once, as one step that can be undone."))
    people = sum(duty.heads for duty in waiting)
    label = _("Note {n} person-shifts as confirmed", n=number(people))
    if st.button(label, type="primary", width="stretch", disabled=not waiting):
        _dismiss()
        actions.confirm([duty.id for duty in waiting], people)
        st.rerun()


def _ask_close() -> None:
    show_note(_("A closed roster is not changed any more."))
    if st.button(_("Close the roster"), type="primary", width="stretch"):
        _dismiss()
        actions.close()
        st.rerun()


def _ask_internal_sheet() -> None:
    roster_id = actions.shown_roster()
    if roster_id is None:
        return
    show_note(
        _(
            "Names in clear, of the people of the own area, and a sheet by person; no telephone numbers. Do not post"
            " it. Who asks for it and why is kept in the audit trail."
        )
    )
    reason = st.text_input(_("Reason"), max_chars=120, placeholder=_("e.g. to sign in on duty"))
    if is_reason(reason):
        day = cache.roster_board(roster_id).roster.period.start
        name = file_name(day, ".xlsx", cache.own_area_name() or "", text("Roster for the office"), has_hour=False)
        make = partial(_make_internal_sheet, roster_id, reason)
        st.link_button(_("Fetch the file"), issue_download(name, XLSX_TYPE, make), type="primary", width="stretch")


def _make_internal_sheet(roster_id: int, reason: str) -> bytes:
    return export_clear_roster(cache.context(), roster_id, cache.coverage_inputs(), reason=reason)


def _ask_reason(waiting: actions.ReasonQuestion) -> None:
    for sentence in waiting.sentences:
        st.warning(plain(_(sentence)))
    with st.form("roster-reason", border=False):
        reason = st.text_input(_("Reason"), max_chars=120, placeholder=_("e.g. has agreed to it"))
        if st.form_submit_button(_("Put in all the same"), type="primary", width="stretch"):
            if not reason.strip():
                st.error(_("Please say why."))
                return
            actions.answer(reason)
            st.rerun()
    if st.button(_("Leave it"), key="roster-leave", width="stretch"):
        actions.forget_question()
        st.rerun()
