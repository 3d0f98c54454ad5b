"""结对: which units and communities are paired, and what asks for a new pairing, a correction, an end."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.community_choice import show_community_choice
from dashboard.kit.html_tree import Part, choice, part, show_panel
from dashboard.kit.outcome import attempt, show_outcome, show_refusal
from dashboard.kit.pager import show_pages, to_first_page
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.packages.offer import choose_community, community_choices
from dashboard.streamlit import session, state
from dashboard.streamlit.fragments import keep_language
from services import rostering
from services.catalog.actions import Action
from services.i18n import _, text
from services.rostering import Pairing, PairingView
from services.rostering.package_texts import pairing_words
from services.rules.roster.pairings import PAIRING_KIND_NAMES, PairingKind
from services.wording import number

NAME: Final = "pairings"
_ENDED: Final = "pairings-ended"
_COMMUNITY: Final = "pairings-community"
_QUESTION: Final = "pairings-question"
_NEW, _CORRECT, _END = "new", "correct", "end"
_EARLIEST: Final = date(1949, 10, 1)


def show_pairings() -> None:
    """Show the pairings of the communities, or of the unit, of whoever looks."""
    views, may_keep = cache.pairings(), session.can(Action.KEEP_PACKAGES)
    if may_keep:
        _show_question(views)
    live = [view for view in views if view.pairing.until is None]
    show_heading(_("Pairings"), _count_words(live))
    community = _show_bar(views, may_keep=may_keep)
    show_outcome(NAME)
    listed = [view for view in (views if state.saved_value(_ENDED) else live) if _is_in(view, community)]
    if not listed:
        show_note(_("No unit is paired here."))
        return
    rows = [_row(view, may_keep=may_keep) for _place, view in show_pages(NAME, listed)]
    show_panel("pairings-list", [part("div", "gm-pairings", *rows)], lambda word: state.keep(_QUESTION, word))


def _count_words(live: Sequence[PairingView]) -> str:
    plaques = sum(view.pairing.has_plaque for view in live)
    return _("{n} live, {plaques} with a plaque", n=number(len(live)), plaques=number(plaques))


def _is_in(view: PairingView, community: str) -> bool:
    return not community or view.pairing.community_code == community


def _show_bar(views: Sequence[PairingView], *, may_keep: bool) -> str:
    """Show what is above the list; return the code of the community that is chosen, empty for all."""
    names = {view.pairing.community_code: view.community for view in views}
    with st.container(horizontal=True, key="pairings-bar", gap="small", vertical_alignment="center"):
        if may_keep:
            st.button(_("New pairing…"), key="pairings-new", type="primary", on_click=_ask, args=(_NEW,))
        community = show_community_choice(names, key=_COMMUNITY, on_choose=lambda: to_first_page(NAME))
        if any(view.pairing.until for view in views):
            st.checkbox(_("Those that have ended too"), key=_ENDED)
    return community


def _row(view: PairingView, *, may_keep: bool) -> Part:
    pairing = view.pairing
    kind, days = _(PAIRING_KIND_NAMES[pairing.kind]), pairing_words(pairing)
    since = days if pairing.since is None or pairing.until else _("since {day}", day=days)
    cells = [
        part("b", "", view.unit),
        part("span", "", view.community),
        part("span", "gm-quiet", f"{kind} · {since}"),
        part("em", "gm-plaque", _("Plaque")) if pairing.has_plaque else part("span", ""),
    ]
    if may_keep and pairing.until is None:
        cells.append(part("span", "gm-pairing-acts", *_acts(view)))
    return part("div", "gm-pairing" if pairing.until is None else "gm-pairing gm-ended", *cells)


def _acts(view: PairingView) -> list[Part]:
    labels = {_CORRECT: _("Correct…"), _END: _("End…")}
    return [
        choice("gm-pairing-do", _word(verb, view.pairing), label, label=f"{label} {view.unit} · {view.community}")
        for verb, label in labels.items()
    ]


def _word(verb: str, pairing: Pairing) -> str:
    return json.dumps([verb, pairing.unit_code, pairing.community_code, pairing.kind.value])


def _ask(word: str) -> None:
    state.keep(_QUESTION, word)


def _close() -> None:
    state.forget(_QUESTION)


def _show_question(views: Sequence[PairingView]) -> None:
    """Show the dialog that is open; none of a pairing that is not there as it was any more."""
    word = state.saved_value(_QUESTION)
    if word == _NEW:
        st.dialog(_("New pairing"), on_dismiss=_close)(keep_language(_ask_new))()
        return
    for view in views:
        for verb, title, ask in _QUESTIONS:
            if word == _word(verb, view.pairing):
                st.dialog(_(title), on_dismiss=_close)(keep_language(ask))(view)


def _ask_new() -> None:
    names, communities = tell_apart(rostering.read_unit_names(cache.context())), community_choices()
    unit = st.selectbox(
        _("Unit"), list(names), index=None, format_func=names.__getitem__, placeholder=_("Choose a unit")
    )
    community = choose_community(communities)
    kind = st.radio(
        _("Kind of pairing"), list(PairingKind), format_func=lambda each: _(PAIRING_KIND_NAMES[each]), horizontal=True
    )
    since, has_plaque = _ask_facts(None, has_plaque=False)
    if st.button(
        _("Pair them"), key="pairings-pair", type="primary", width="stretch", disabled=not (unit and community)
    ):
        made = Pairing(
            unit_code=str(unit),
            community_code=community,
            kind=kind or PairingKind.PAIRED,
            has_plaque=has_plaque,
            since=since,
        )
        _finish(lambda: rostering.pair_unit(cache.context(), made))


def _ask_correction(view: PairingView) -> None:
    _tell_whose(view)
    since, has_plaque = _ask_facts(view.pairing.since, has_plaque=view.pairing.has_plaque)
    if st.button(_("Correct"), key="pairings-correct", type="primary", width="stretch"):
        corrected = replace(view.pairing, since=since, has_plaque=has_plaque)
        _finish(lambda: rostering.pair_unit(cache.context(), corrected))


def _ask_end(view: PairingView) -> None:
    _tell_whose(view)
    pairing, today = view.pairing, cache.context().clock().date()
    first = pairing.since or _EARLIEST
    day = st.date_input(_("Ends on"), today, min_value=first, max_value=today, format="YYYY-MM-DD")
    show_note(_("It is kept, and counts no longer from that day on. Packages that are running go on."))
    if st.button(_("End"), key="pairings-end", type="primary", width="stretch"):
        until = day if isinstance(day, date) else today
        unit, community = pairing.unit_code, pairing.community_code
        _finish(lambda: rostering.end_pairing(cache.context(), unit, community, pairing.kind, until))


def _tell_whose(view: PairingView) -> None:
    st.markdown(plain(f"{view.unit} · {view.community} · {_(PAIRING_KIND_NAMES[view.pairing.kind])}"))


def _ask_facts(since: date | None, *, has_plaque: bool) -> tuple[date | None, bool]:
    day = st.date_input(
        _("Since (may be left empty)"),
        since,
        min_value=_EARLIEST,
        max_value=cache.context().clock().date(),
        format="YYYY-MM-DD",
    )
    return day if isinstance(day, date) else None, st.checkbox(_("A plaque at the door says so"), has_plaque)


def _finish(act: Callable[[], None]) -> None:
    """Do what was asked for and close the dialog; what is refused stays asked."""
    with show_refusal():
        act()
        _close()
        with attempt(NAME) as tell:
            tell(text("Noted."))
        st.rerun()


_QUESTIONS: Final = (
    (_CORRECT, text("Correct the pairing"), _ask_correction),
    (_END, text("End the pairing?"), _ask_end),
)
