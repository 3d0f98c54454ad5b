"""Forming a team on the spot: choose a grid and a template, put people into the places, see what is still empty."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.kit.name_choice import show_name_choice
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.local_teams import show_formed
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.errors import ServiceError
from services.i18n import Text, _, text
from services.planning import FormedTeam, GridMember, Holder
from services.planning.team_forming import seat
from services.rules.roles import may
from services.rules.team_templates import ROLE_NAMES, TeamRole, TeamTemplate, group_of_five, group_of_seven, one_plus_n

_PAD: Final = "reinforce-forming"
_DONE: Final = "reinforce-formed"
_MOST: Final = 35
"""Members beside the cadre, at most; the largest teams have 36 people."""
_KINDS: Final[Mapping[str, Text]] = {
    "one": text("1+N"),
    "seven": text("Group of seven"),
    "five": text("Group of five with a leader"),
}


@dataclass(frozen=True, slots=True)
class _Pad:
    """A form that is being filled: its number is in the keys of its widgets, its event makes one team at most."""

    number: int
    event_id: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the form says."""

    grid_code: str
    name: str
    template: TeamTemplate
    filled: tuple[Holder | None, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    """The team that was formed last."""

    name: str
    team: FormedTeam


def show_forming(planning_view: PlanningView) -> None:
    """Show the form that makes a team of people of a grid."""
    with st.container(key="forming"):
        show_note(_("Put people of a grid into the places of a template. Places may stay empty."))
        pad = _pad()
        left, middle, right, beside = st.columns([1.3, 1.3, 1, 0.7])
        with left:
            grid = _choose_grid(planning_view)
        name = middle.text_input(_("Name of the team"), key=f"forming-name-{pad.number}", max_chars=30)
        with right:
            template = _choose_template(beside)
        if grid is None:
            show_note(_("Choose the grid the team comes from."))
        else:
            wish = _Wish(grid, name, template, _choose_people(pad, grid, template))
            _show_state(pad, wish)
        _show_done(planning_view)
    show_formed()


def _choose_grid(planning_view: PlanningView) -> str | None:
    """Show the grids; until one is chosen here it is the one chosen on the map."""
    view, names = state.read_view(), planning_view.snapshot.names
    if state.widget_value("forming-grid") is None:
        on_map = view.zone_code if view.zone_level is Layer.GRIDS else ""
        state.preset("forming-grid", on_map if on_map in names else None)
    labels = {code: f"{name} · {code}" for code, name in names.items()}
    return show_name_choice(_("Grid"), labels, key="forming-grid", placeholder=_("Choose a grid"))


def _choose_template(beside: DeltaGenerator) -> TeamTemplate:
    kind = st.selectbox(_("Template"), list(_KINDS), key="forming-kind", format_func=lambda kind: _(_KINDS[kind]))
    if kind == "seven":
        return group_of_seven()
    if kind == "five":
        return group_of_five()
    return one_plus_n(int(beside.number_input(_("Members beside the cadre"), 1, _MOST, 4, key="forming-count")))


def _choose_people(pad: _Pad, grid: str, template: TeamTemplate) -> tuple[Holder | None, ...]:
    """Show a choice for each role; return who stands in each place, in the order of the places."""
    members = _members(grid)
    hint = _("Choose a member or type a name") if members else _("Type a name")
    places = Counter(place.role for place in template.places)
    named: dict[TeamRole, list[str]] = {}
    columns = st.columns(3)
    for k, (role, count) in enumerate(places.items()):
        key = f"forming-{role.value}-{pad.number}-{grid}-{count}"
        with columns[k % 3]:
            named[role] = _choose_holders(key, _(ROLE_NAMES[role]), members, count, hint)
    return tuple(_in_posts(template, named, members))


def _choose_holders(key: str, label: str, members: Mapping[str, GridMember], count: int, hint: str) -> list[str]:
    """Show who is to stand in the places of one role; return codes of members and names as they were typed."""

    def words(code: str) -> str:
        member = members.get(code)
        if member is None:
            return code
        standing = (_("in “{team}”", team=member.team_name),) if member.team_name else ()
        return " · ".join((member.masked_name, code, *member.skills, *standing))

    if count > 1:
        return st.multiselect(
            label,
            list(members),
            key=key,
            format_func=words,
            max_selections=count,
            select_all=False,
            accept_new_options=True,
            placeholder=hint,
        )
    one = st.selectbox(
        label, list(members), index=None, key=key, format_func=words, accept_new_options=True, placeholder=hint
    )
    return [one] if one else []


def _in_posts(
    template: TeamTemplate, named: Mapping[TeamRole, Sequence[str]], members: Mapping[str, GridMember]
) -> Iterable[Holder | None]:
    waiting = {role: iter(people) for role, people in named.items()}
    for place in template.places:
        yield _holder(next(waiting[place.role], ""), members)


def _holder(given: str, members: Mapping[str, GridMember]) -> Holder | None:
    """Return who is meant. The line of a member who is gone meanwhile comes as a text with a mask: nobody."""
    if given in members:
        return Holder(member_code=given)
    return Holder(name=given) if given.strip() and "*" not in given else None


def _members(grid: str) -> dict[str, GridMember]:
    """Return the members who can be offered: none to those who may not see people."""
    context = cache.context()
    if not may(context.actor, Action.VIEW_PEOPLE):
        return {}
    return {member.code: member for member in planning.read_grid_members(context, grid)}


def _show_state(pad: _Pad, wish: _Wish) -> None:
    """Show how many are named and which roles are empty, and the button."""
    formation = seat(wish.template, wish.filled)
    people = len(formation.filled) - len(formation.empty_roles)
    show_note(" · ".join((_("{n} people", n=people), _empty_words(formation.empty_roles))))
    typed = sum(holder is not None and not holder.member_code for holder in wish.filled)
    if typed:
        show_note(_("{n} typed in by name: they go with the team and cost the home grid nobody.", n=typed))
    # Not a callback: a click may come together with the name that was just typed, which only this run knows.
    if st.button(_("Form the team"), key="form-team", type="primary"):
        _form(pad, wish)


def _empty_words(roles: Sequence[TeamRole]) -> str:
    """Return the roles still empty, each once with how often."""
    if not roles:
        return _("No role is empty")
    said = (_(ROLE_NAMES[role]) + (f" ×{count}" if count > 1 else "") for role, count in Counter(roles).items())
    return _("Still empty: {roles}", roles="、".join(said))


def _form(pad: _Pad, wish: _Wish) -> None:
    """Form the team and draw the page anew with it; what is refused is told and the form stays as it is."""
    try:
        made = planning.form_team(
            cache.context(),
            grid_code=wish.grid_code,
            name=wish.name,
            template=wish.template,
            holders=wish.filled,
            event_id=pad.event_id,
        )
    except ServiceError as error:
        state.forget(_DONE)
        st.warning(plain(_(error.text)))
        return
    state.keep(_DONE, _Done(" ".join(wish.name.split()), made))
    state.keep(_PAD, _Pad(pad.number + 1, page_state.new_event()))
    st.rerun()


def _show_done(planning_view: PlanningView) -> None:
    """Show which team was formed last, unless it is dissolved by now."""
    done: _Done | None = state.saved_value(_DONE)
    if done is not None and done.team.code in planning_view.snapshot.teams:
        said = _("“{name}” stands in the tray now, with {n} people.", name=done.name, n=done.team.people)
        st.success(plain(f"{said}{_empty_words(done.team.empty_roles)}"))


def _pad() -> _Pad:
    pad: _Pad | None = state.saved_value(_PAD)
    if pad is None:
        pad = _Pad(0, page_state.new_event())
        state.keep(_PAD, pad)
    return pad
