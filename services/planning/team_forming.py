"""Teams formed on the spot: people of a grid put into the places of a template become a team that can be sent.

Members named by code are kept with their places (``tx.teams``); somebody named by a typed name is one of the
team's size and nothing more. A team lasts until it is dissolved (``services.planning.disband``), so a member stands in
one at most.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.catalog.skills import load_skills
from services.context import Context, RefusedError, Transaction, Work
from services.i18n import translate
from services.planning.errors import (
    MemberElsewhereError,
    MemberInTeamError,
    MemberTwiceError,
    NobodyNamedError,
    TeamExistsError,
    TeamUnnamedError,
    UnknownTargetError,
)
from services.planning.lookups import fetch_places, fetch_teams
from services.rules.people import mask_name
from services.rules.roles import may
from services.rules.team_templates import ROLE_NAMES, Formation, TeamRole, TeamTemplate, formed_code
from services.use_cases import use_case

FORMED_KIND: Final = "突击队"
"""The kind of a team formed on the spot; it goes as a whole."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who stands in a place: a member of the grid by code, or somebody else by name; one person either way."""

    member_code: str = ""
    name: str = ""
    """Only read without a code."""

    @property
    def label(self) -> str:
        """Code or name without blanks around it; empty is nobody."""
        return self.member_code.strip() or " ".join(self.name.split())


@dataclass(frozen=True, slots=True)
class GridMember:
    """A member of a grid as the form offers them."""

    code: str
    masked_name: str
    skills: tuple[str, ...]
    team_name: str = ""
    """The team in which they stand; empty where they are free."""


@dataclass(frozen=True, slots=True)
class FormedTeam:
    """A team that was formed."""

    code: str
    people: int
    empty_roles: tuple[TeamRole, ...]
    """The roles nobody was named for, in the order of the template's places."""


def read_grid_members(context: Context, grid_code: str) -> tuple[GridMember, ...]:
    """Return the members who belong to a grid, by code, their names masked.

    Raises
    ------
    RefusedError
        If the actor may not see people.
    OutsideAreaError
        If the grid is outside the actor's area.
    """
    with context.look(Action.VIEW_PEOPLE) as tx:
        context.scope_in(tx).require(Layer.GRIDS, [grid_code])
        rows = tx.plans.read_rows(Layer.MEMBERS, tx.read_members_of(grid_code))
        skills = tx.skills.read_words(rows)
        standing = tx.teams.teams_of(rows)
        teams = fetch_teams(tx, set(standing.values()))
    names = {code: teams[team].name for code, team in standing.items()}
    return tuple(
        GridMember(code, mask_name(row["name"] or ""), _split(skills.get(code, "")), names.get(code, ""))
        for code, row in rows.items()
    )


def seat(template: TeamTemplate, holders: Sequence[Holder | None]) -> Formation:
    """Return a template with the people named for its places, which tells the roles still empty.

    Raises
    ------
    ValueError
        If more people are named than the template has places.
    """
    if len(holders) > len(template.places):
        raise ValueError(f"{len(holders)} people are named for {len(template.places)} places")
    named = [(holder.label or None) if holder else None for holder in holders]
    return Formation(template, (*named, *[None] * (len(template.places) - len(named))))


@use_case(Action.FORM_TEAM)
def form_team(
    work: Work,
    *,
    grid_code: str,
    name: str,
    template: TeamTemplate,
    holders: Sequence[Holder | None],
    event_id: str,
) -> FormedTeam:
    """Write a team whose home is a grid; places may stay empty.

    Its size is the number of people named. It is led by the first person named for anything but a plain member's
    place, in the order of the places; its skills are those its members state.

    Parameters
    ----------
    work
        Who forms it; naming members by code needs the right to see people.
    grid_code
        The home grid, to which every member named belongs.
    name
        No other team of the grid has it.
    template
        Which places there are.
    holders
        Who stands in each place, in the order of the places; None is nobody. May be shorter than the places.
    event_id
        Made by the client; a second call with the same one forms no second team and returns the first.

    Raises
    ------
    TeamUnnamedError, NobodyNamedError
        If the name is blank, or nobody is named.
    UnknownTargetError
        If there is no such grid.
    TeamExistsError
        If the grid has a team of this name.
    MemberTwiceError, MemberElsewhereError
        If a member is named for two places, or belongs to another grid.
    MemberInTeamError
        If a member stands in another team.
    RefusedError
        If the actor may form no teams, or names a member without the right to see people.
    OutsideAreaError
        If the grid is outside the actor's area.
    """
    title, formation = " ".join(name.split()), seat(template, holders)
    people = len(formation.filled) - len(formation.empty_roles)
    named = _member_codes(holders)
    code = formed_code(event_id)
    work.target = f"team:{code}"
    if named and not may(work.actor, Action.VIEW_PEOPLE):
        raise RefusedError(Action.VIEW_PEOPLE)
    _require_grid(work.context, work.tx, grid_code)
    if work.tx.plans.read_rows(Layer.TEAMS, [code]):
        work.note(repeated=1)
    else:
        _check(title, people)
        _check_free_name(work.tx, grid_code, title)
        members = _fetch_members(work.tx, grid_code, named)
        _check_free_members(work.tx, members)
        row = {"name": title, "parent_code": grid_code, "kind": FORMED_KIND, "size": people}
        _write(work.tx, code, row | _lead(template, holders, members) | _skills_of(work.tx, members))
        work.tx.teams.add_members(code, _posts_of(template, holders))
        work.note(grid=grid_code, people=people, empty=len(formation.empty_roles))
    return FormedTeam(code, people, formation.empty_roles)


def _require_grid(context: Context, tx: Transaction, grid_code: str) -> None:
    if fetch_places(tx, Layer.GRIDS, [grid_code]):
        context.scope_in(tx).require(Layer.GRIDS, [grid_code])


def _check(title: str, people: int) -> None:
    if not title:
        raise TeamUnnamedError
    if not people:
        raise NobodyNamedError


def _check_free_name(tx: Transaction, grid_code: str, title: str) -> None:
    """Refuse a grid that is not there, and a name that a team of the grid has.

    Raises
    ------
    UnknownTargetError
        If there is no such grid.
    TeamExistsError
        If the grid has a team of this name.
    """
    grid_name = _grid_name(tx, grid_code)
    teams = tx.read_layer(Layer.TEAMS, columns=["name", "parent_code"])
    if (teams["parent_code"].eq(grid_code) & teams["name"].eq(title)).any():
        raise TeamExistsError(title, grid_name)


def _grid_name(tx: Transaction, grid_code: str) -> str:
    place = fetch_places(tx, Layer.GRIDS, [grid_code]).get(grid_code)
    if place is None:
        raise UnknownTargetError(grid_code)
    return place.name


def _member_codes(filled: Sequence[Holder | None]) -> list[str]:
    """Return the codes of the members named, each once.

    Raises
    ------
    MemberTwiceError
        If one is named twice.
    """
    codes = [holder.member_code.strip() for holder in filled if holder and holder.member_code.strip()]
    for code in codes:
        if codes.count(code) > 1:
            raise MemberTwiceError(code)
    return codes


def _fetch_members(tx: Transaction, grid_code: str, codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the rows of members in the order they are named.

    Raises
    ------
    MemberElsewhereError
        If one is no member of the grid.
    """
    rows = tx.plans.read_rows(Layer.MEMBERS, set(codes) & set(tx.read_members_of(grid_code)))
    for code in codes:
        if code not in rows:
            raise MemberElsewhereError(code, _grid_name(tx, grid_code))
    return {code: rows[code] for code in codes}


def _check_free_members(tx: Transaction, members: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse members who stand in another team.

    Raises
    ------
    MemberInTeamError
        For the first of them.
    """
    standing = tx.teams.teams_of(members)
    for code in members:
        if code in standing:
            team = fetch_teams(tx, [standing[code]])[standing[code]]
            home = fetch_places(tx, Layer.GRIDS, [team.home_code]).get(team.home_code)
            who = f"{mask_name(members[code]['name'] or '')}（{code}）"
            raise MemberInTeamError(who, team.name, home.name if home else team.home_code)


def _posts_of(template: TeamTemplate, filled: Sequence[Holder | None]) -> list[tuple[str, str]]:
    """Return the members named by code, each with the role of their place."""
    held = (
        (holder.member_code.strip(), place) for place, holder in zip(template.places, filled, strict=False) if holder
    )
    return [(code, place.role.value) for code, place in held if code]


def _lead(
    template: TeamTemplate, filled: Sequence[Holder | None], members: Mapping[str, Mapping[str, Any]]
) -> dict[str, str | None]:
    """Return who leads, as what, and their telephone where it is known."""
    for place, holder in zip(template.places, filled, strict=False):
        if holder and holder.label and place.role is not TeamRole.MEMBER:
            row = members.get(holder.label, {"name": holder.label, "phone": None})
            return {"leader": row["name"], "leader_role": translate(ROLE_NAMES[place.role]), "phone": row["phone"]}
    return {"leader": None, "leader_role": None, "phone": None}


def _skills_of(tx: Transaction, member_codes: Collection[str]) -> dict[str, str | None]:
    rows = chain.from_iterable(tx.skills.read(member_codes).values())
    return {"skills": load_skills().join(row["skill"] for row in rows)}


def _split(words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split(";") if word)


def _write(tx: Transaction, code: str, row: Mapping[str, object]) -> None:
    tx.upsert(Layer.TEAMS, pd.DataFrame([row], index=pd.Index([code], name="code")))
