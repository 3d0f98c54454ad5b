"""Windows that are planned together: chosen under the conditions, answered in plain words and as a table."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language
from services import planning
from services.errors import ServiceError
from services.i18n import _, text
from services.planning import JointProposal, Plan, PlanningSnapshot, WindowAnswer
from services.rules.rest import MOST_WINDOWS
from services.rules.windows import Window, format_window, parse_window, windows_after
from services.wording import number, short_window

_TOGETHER: Final = "joint-together"
_OFFERED: Final = 8
_MOST_ROWS: Final = 200


def show_windows_choice(planning_view: PlanningView) -> None:
    """Show whether windows are planned together with that of the page, and which."""
    together = st.toggle(
        _("Plan several windows together"),
        key=_TOGETHER,
        persist_state="page",
        help=_(
            "Who serves where and when is chosen for all of them at once: at most 10 hours in 26, no morning after a "
            "night, and whoever stays where they stand has no way to go."
        ),
    )
    if together:
        coming = [format_window(each) for each in windows_after(planning_view.window, _OFFERED)]
        st.multiselect(
            _("Windows after {window}", window=short_window(planning_view.window)),
            coming,
            coming[: MOST_WINDOWS - 1],
            key=_key(planning_view),
            max_selections=MOST_WINDOWS - 1,
            persist_state="page",
            format_func=lambda words: short_window(parse_window(words, planning_view.snapshot.now)),
        )


def joint_windows(planning_view: PlanningView) -> tuple[Window, ...]:
    """Return the windows that are planned together, in their order in time: that of the page at least."""
    if not state.widget_value(_TOGETHER):
        return (planning_view.window,)
    coming = windows_after(planning_view.window, MOST_WINDOWS - 1)
    chosen = state.widget_value(_key(planning_view))
    others = coming if chosen is None else [parse_window(str(each), planning_view.snapshot.now) for each in chosen]
    return planning.check_windows((planning_view.window, *others))


def plans_of(planning_view: PlanningView) -> list[tuple[PlanningSnapshot, Plan]]:
    """Return what is planned on and the draft, or an empty one, of each of the windows; the settings are the page's."""
    views = [page_state.view_of(planning_view.mode, window) for window in joint_windows(planning_view)[1:]]
    return [(view.snapshot, view.sketch) for view in (planning_view, *views)]


def show_joint(joint: JointProposal, snapshot: PlanningSnapshot, *, accept: Callable[[], None]) -> None:
    """Show what is proposed for all windows, and what takes it over."""
    teams = {move.team_code for answer in joint.answers for move in answer.proposal.moves}
    st.markdown(
        plain(
            _(
                "{windows} windows together, {teams} teams: {before} → {after} person-hours missing. "
                "Nobody serves more than {hours} hours in them.",
                windows=number(len(joint.answers)),
                teams=number(len(teams)),
                before=number(sum(answer.missing_before for answer in joint.answers)),
                after=number(sum(answer.missing for answer in joint.answers)),
                hours=f"{joint.most_hours:g}",
            )
        )
    )
    headers = (_("Window"), _("Teams"), _("People"), _("Person-hours missing"))
    show_table(headers, [_window_row(answer) for answer in joint.answers], label=_("Windows"), kind="compare")
    if st.button(_("Who stands where and when"), key="joint-teams", width="stretch"):
        st.dialog(_("Who stands where and when"), width="large")(keep_language(_show_teams))(joint, snapshot)
    st.button(_("Accept in all windows"), key="accept-windows", type="primary", width="stretch", on_click=accept)
    show_note(_("Each window gets a draft of its own, to be looked at, changed and sent like any other."))


def accept_joint(joint: JointProposal) -> None:
    """Put a proposal into the drafts of its windows, and say so."""
    with page_state.attempt():
        planning.accept_windows(cache.context(), joint, event_id=page_state.new_event())
        page_state.tell(
            text(
                "Accepted in the drafts of {n} windows; choose one above to look at it and send it.",
                n=len(joint.answers),
            ),
            tone="good",
        )


def windows_fault(planning_view: PlanningView) -> ServiceError | None:
    """Return why the windows that are chosen cannot be planned together, if so."""
    try:
        joint_windows(planning_view)
    except ServiceError as error:
        return error
    return None


def _key(planning_view: PlanningView) -> str:
    return f"joint-windows-{format_window(planning_view.window)}"


def _window_row(answer: WindowAnswer) -> tuple[str, str, str, str]:
    moves = answer.proposal.moves
    missing = f"{number(answer.missing_before)} → {number(answer.missing)}"
    teams, people = len({move.team_code for move in moves}), sum(move.people for move in moves)
    return short_window(answer.window), number(teams), number(people), missing


def _show_teams(joint: JointProposal, snapshot: PlanningSnapshot) -> None:
    """Show a row for each team that serves, those with most hours first."""
    where = [_places(answer, snapshot) for answer in joint.answers]
    codes = sorted({code for places in where for code in places}, key=lambda code: (-joint.hours.get(code, 0.0), code))
    rows = [
        (
            f"{snapshot.teams[code].name} · {_('{hours} h', hours=f'{joint.hours.get(code, 0.0):g}')}",
            *(places.get(code, "") for places in where),
        )
        for code in codes[:_MOST_ROWS]
    ]
    headers = (_("Team"), *(short_window(answer.window) for answer in joint.answers))
    show_table(headers, rows, label=_("Who stands where and when"), kind="compare")
    if len(codes) > _MOST_ROWS:
        show_note(_("and {n} more", n=number(len(codes) - _MOST_ROWS)))


def _places(answer: WindowAnswer, snapshot: PlanningSnapshot) -> Mapping[str, str]:
    """Return where each team stands in a window, and how many of it, by its code."""
    places: dict[str, list[str]] = {}
    for move in answer.proposal.moves:
        words = _("{grid} {people}", grid=snapshot.name(move.grid_code), people=number(move.people))
        places.setdefault(move.team_code, []).append(words)
    return {code: "、".join(words) for code, words in places.items()}
