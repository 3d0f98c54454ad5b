"""A package in full: whether the unit can carry it, how it is answered, its batches, what is open."""

from dataclasses import replace
from datetime import date, datetime, time

import streamlit as st

from dashboard.kit.html_table import show_table
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.widgets import plain, show_facts, show_heading, show_note
from dashboard.pages.packages import actions
from dashboard.pages.packages.seats import show_seats
from dashboard.streamlit import session, state
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.rostering import OpenSpan, PackageView
from services.rostering.package_texts import batch_words, day_words, package_notes, post_words, split_names
from services.rules.roster.packages import (
    PACKAGE_STATE_NAMES,
    Batch,
    OpenSeatNotice,
    PackageCapacity,
    PackageState,
    make_batches,
)
from services.rules.windows import DAY, Window
from services.wording import day_name, number, short_window

_MOST_OPEN = 14
_MOST_PEOPLE = 9999
_WHO: dict[OpenSeatNotice, Text] = {
    OpenSeatNotice.LATER: text("for the unit"),
    OpenSeatNotice.UNIT: text("for the unit, within 24 hours"),
    OpenSeatNotice.COMMUNITY: text("for the community"),
}
_TONES = {OpenSeatNotice.LATER: "even", OpenSeatNotice.UNIT: "warn", OpenSeatNotice.COMMUNITY: "bad"}


def show_package(view: PackageView) -> None:
    """Show a package."""
    show_heading(f"{view.unit} · {view.community}", _(PACKAGE_STATE_NAMES[view.state]))
    facts = [(_("Period"), day_words(view)), (_("People"), people_words(view))]
    show_facts([*facts, *((_("Post"), words) for words in post_words(view))])
    for note in package_notes(view):
        show_note(_(note))
    if view.state is PackageState.OFFERED and session.can(Action.ANSWER_PACKAGE):
        _show_answer(view)
    elif view.is_held:
        _show_capacity(view.capacity)
        _show_held(view)


def _show_capacity(capacity: PackageCapacity) -> None:
    """Tell whether the unit can carry it; that it cannot is no reason to refuse."""
    if capacity.needed:
        show = st.warning if capacity.missing else st.info
        show(plain(_(capacity.text)))


def people_words(view: PackageView) -> str:
    """Return how many members the unit has, and how many it promised."""
    members = _("{n} members in the register", n=number(view.members))
    promised = view.package.people_promised
    if promised is None:
        return members
    return _("{members}, {n} promised", members=members, n=number(promised))


def _show_answer(view: PackageView) -> None:
    key, of = view.package.id, _("How many people the unit can send")
    people = st.number_input(of, 1, _MOST_PEOPLE, max(view.members, 1), step=1, key=f"package-people-{key}", width=260)
    _show_capacity(replace(view.capacity, people=int(people)))
    with st.container(horizontal=True, key="package-answer", gap="small"):
        accept = _("Accept for the unit") if _is_for_unit() else _("Accept")
        st.button(accept, key="package-accept", type="primary", on_click=actions.accept, args=(key, int(people)))
        decline = _("Decline for the unit") if _is_for_unit() else _("Decline")
        st.button(decline, key="package-decline", on_click=actions.decline, args=(key,))
        if session.can(Action.KEEP_PACKAGES):
            _show_withdrawal(view)


def _is_for_unit() -> bool:
    """Tell whether whoever looks would answer for the unit: those who offer packages."""
    return session.can(Action.KEEP_PACKAGES)


def _show_withdrawal(view: PackageView) -> None:
    with st.popover(_("Withdraw…")):
        show_note(_("Its seats are open again, and duties of its people to come are taken out. Nothing is deleted."))
        st.button(
            _("Withdraw the package"),
            key="package-withdraw",
            on_click=actions.withdraw,
            args=(view.package.id,),
            width="stretch",
        )


def _show_held(view: PackageView) -> None:
    _show_batches(view)
    show_seats(view)
    _show_open(view)
    with st.container(horizontal=True, key="package-foot", gap="small", vertical_alignment="bottom"):
        _show_release(view)
        _show_withdrawal(view)


def _show_batches(view: PackageView) -> None:
    batches = view.package.batches
    named = sum(len(batch.members) for batch in batches)
    show_heading(_("Batches"), _("{n} people are named", n=number(named)) if batches else "")
    if not named:
        _show_split(view)
    if batches:
        _show_batch(view)


def _show_split(view: PackageView) -> None:
    """Show how people would come in batches, before and until anybody is named."""
    key, days = view.package.id, (view.package.period.end - view.package.period.start).days
    with st.container(horizontal=True, key="package-split", gap="small", vertical_alignment="bottom"):
        people = st.number_input(
            _("People in all"), 1, _MOST_PEOPLE, max(view.capacity.people, 1), key=f"package-all-{key}", width=130
        )
        count = st.number_input(_("Batches"), 1, days, min(3, days, int(people)), key=f"package-count-{key}", width=130)
        label = _("Make the batches anew") if view.package.batches else _("Make the batches")
        st.button(
            label,
            key="package-split-do",
            type="secondary" if view.package.batches else "primary",
            on_click=actions.split,
            args=(key, int(people), int(count)),
        )
    if not view.package.batches and count <= people:
        made = make_batches(view.package.period, int(people), int(count))
        show_note(_("They would be: {sizes} people", sizes="、".join(str(batch.people) for batch in made)))


def _show_batch(view: PackageView) -> None:
    """Show the batches, and of the one that is chosen who is named and where more are typed."""
    batches = {batch.number: batch for batch in view.package.batches}
    if state.saved_value(actions.BATCH) not in batches:
        state.keep(actions.BATCH, next(iter(batches)))
    if len(batches) > 1:
        st.segmented_control(
            _("Batches"),
            list(batches),
            key=actions.BATCH,
            required=True,
            format_func=lambda each: _("Batch {number}", number=each),
            label_visibility="collapsed",
        )
    batch = batches[state.saved_value(actions.BATCH)]
    rows = [part("p", "", _(batch_words(batch))), part("div", "gm-says", *_people(view, batch))]
    show_panel("package-people", [part("div", "gm-batch", *rows)], actions.leave)
    # A new form once somebody is named: it is empty then, and keeps its words where they are refused.
    key = f"package-names-{view.package.id}-{batch.number}-{len(batch.members)}"
    with st.form(f"{key}-form", border=False):
        st.text_area(
            _("Names in full, as the register has them"),
            placeholder=_("One below the other, or with commas; of two of one name the code"),
            height=80,
            key=key,
        )
        st.form_submit_button(
            _("Name them for the batch"), on_click=_name_people, args=(view.package.id, batch.number, key)
        )


def _name_people(number: int, batch_number: int, key: str) -> None:
    if names := split_names(str(state.widget_value(key) or "")):
        actions.name_people(number, batch_number, names)


def _people(view: PackageView, batch: Batch) -> list[Part]:
    key = f"{view.package.id}:{batch.number}"
    return [
        choice(
            "gm-say",
            f"{key}:{code}",
            f"{view.names.get(code, '')} {code} ✕",
            label=_("Take {member} out of the batch", member=code),
        )
        for code in sorted(batch.members)
    ]


def _show_open(view: PackageView) -> None:
    seats = sum(each.open for each in view.open_shifts)
    show_heading(_("Open seats"), _("{open} of {seats}", open=number(seats), seats=number(view.seats)))
    if not view.open_shifts:
        show_note(_("Every seat to come is taken.") if view.seats else _("There are no shifts yet."))
        return
    spans = view.open_spans[:_MOST_OPEN]
    headers = [_("Time of the shift"), _("Post"), _("Open"), _("Who fills them")]
    tones = [_TONES[span.notice] for span in spans]
    show_table(headers, [_open_row(view, span) for span in spans], label=_("Open seats"), kind="open", tones=tones)
    if (more := sum(span.open for span in view.open_spans[_MOST_OPEN:])) > 0:
        show_note(_("… and {n} more seats", n=number(more)))


def _open_row(view: PackageView, span: OpenSpan) -> tuple[str, str, str, str]:
    who = text("given back") if span.is_given_back else _WHO[span.notice]
    seats = _("{n} in {shifts} shifts", n=number(span.open), shifts=number(span.shifts))
    return short_window(span.window), view.posts[span.post_code], seats, _(who)


def _show_release(view: PackageView) -> None:
    """Let the unit give back a day, or all that is left."""
    days = sorted({each.shift.window.start.date() for each in view.open_shifts if not each.is_given_back})
    if not days:
        return
    with st.popover(_("Give seats back…")):
        day = st.selectbox(_("Day"), [None, *days], format_func=_day_option, key="package-release-day")
        codes = ["", *view.posts]
        post = st.selectbox(
            _("Post"), codes, format_func=lambda code: view.posts.get(code, _("Every post")), key="package-release-post"
        )
        show_note(_("The community may fill them at once. Whoever of the unit stands there already stays."))
        st.button(
            _("Give back to the community"),
            key="package-release",
            on_click=actions.release,
            args=(view.package.id, _span(view, day), post or ""),
            width="stretch",
        )


def _day_option(day: date | None) -> str:
    return f"{day:%m-%d} {day_name(day)}" if day else plain(_("Every day"))


def _span(view: PackageView, day: date | None) -> Window:
    if day is None:
        return view.package.period
    begin = datetime.combine(day, time())
    return Window(begin, begin + DAY)
