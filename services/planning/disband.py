"""Teams that were formed on the spot: who stands in them, and taking one apart that was formed by mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.i18n import text
from services.planning.errors import NotFormedHereError, TeamAtWorkError, UnknownTeamError
from services.planning.lookups import Team, fetch_places, fetch_teams
from services.planning.model import iso
from services.rules.people import mask_name
from services.rules.planning import span_text
from services.rules.roles import may
from services.rules.team_templates import TeamRole, is_formed_here
from services.rules.windows import Window
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A member in a place of a team."""

    code: str
    masked_name: str
    role: TeamRole


@dataclass(frozen=True, slots=True)
class TeamSheet:
    """A team that was formed on the spot."""

    team: Team
    home_name: str
    count: int | None
    """Members named by code; the rest of ``team.size`` was typed in by name. Null for those who may not see people."""
    members: tuple[TeamMember, ...]
    """By code; empty for those who may not see people."""


def list_formed_teams(context: Context) -> tuple[TeamSheet, ...]:
    """Return the teams of the actor's area that were formed on the spot and are there, by home grid and name."""
    with context.look(Action.PLAN) as tx:
        scope = context.scope_in(tx)
        formed = [
            code for code in tx.read_codes(Layer.TEAMS) if is_formed_here(code) and scope.holds(Layer.TEAMS, code)
        ]
        teams = fetch_teams(tx, formed)
        homes = fetch_places(tx, Layer.GRIDS, {team.home_code for team in teams.values()})
        sees_people = may(context.actor, Action.VIEW_PEOPLE)
        counts = tx.teams.count_members()
        members = _members(tx) if sees_people else {}
    sheets = (
        TeamSheet(
            team,
            homes[team.home_code].name if team.home_code in homes else team.home_code,
            counts.get(code, 0) if sees_people else None,
            tuple(members.get(code, ())),
        )
        for code, team in teams.items()
    )
    return tuple(sorted(sheets, key=lambda sheet: (sheet.team.home_code, sheet.team.name)))


@use_case(
    Action.FORM_TEAM,
    "team:{team_code}",
    title=text("Dissolve"),
    note=text("Its members are free again. What the team has done stays in its history."),
    question=text("Dissolve the team {team_code}? Its members are free again."),
    outcome=text("“{name}” is dissolved."),
    example="plan dissolve T0001 --yes",
)
def disband_team(work: Work, team_code: Annotated[str, text("Code of the team, see plan teams")]) -> Team:
    """Take a team apart that was formed on the spot; return it as it was.

    Its members are free at once. Orders that are over stay with their history (``team_history``); drafts that send the
    team say that it is gone. An audit row is left.

    Raises
    ------
    UnknownTeamError
        If there is no such team (any more).
    NotFormedHereError
        If it came with a file.
    TeamAtWorkError
        If it has orders that run or are ahead; the message says which.
    RefusedError
        If the actor may form no teams.
    OutsideAreaError
        If it is outside the actor's area.
    """
    team = fetch_teams(work.tx, [team_code]).get(team_code)
    if team is None:
        raise UnknownTeamError(team_code)
    work.scope.require(Layer.TEAMS, [team_code])
    if not is_formed_here(team_code):
        raise NotFormedHereError(team.name)
    _check_idle(work.tx, team, work.now)
    work.tx.delete(Layer.TEAMS, [team_code])
    work.note(dissolved=1, grid=team.home_code, people=team.size)
    return team


def _check_idle(tx: Transaction, team: Team, now: datetime) -> None:
    rows = tx.plans.read_orders(team_code=team.code)
    held = [row for row in rows if row["until"] > max(iso(now), row["start"])]
    if held:
        raise TeamAtWorkError(team.name, _order_words(tx, held))


def _order_words(tx: Transaction, orders: Sequence[Mapping[str, Any]]) -> str:
    grids = fetch_places(tx, Layer.GRIDS, {row["to_code"] for row in orders})
    names = {code: place.name for code, place in grids.items()}
    return "、".join(f"{names.get(row['to_code'], row['to_code'])} {span_text(_span(row))}" for row in orders)


def _span(row: Mapping[str, Any]) -> Window:
    return Window(datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["until"]))


def _members(tx: Transaction) -> Mapping[str, list[TeamMember]]:
    standing = tx.teams.read_memberships()
    rows: Mapping[str, Mapping[str, Any]] = tx.plans.read_rows(Layer.MEMBERS, {member for _, member, _ in standing})
    found: dict[str, list[TeamMember]] = {}
    for team, member, role in standing:
        found.setdefault(team, []).append(TeamMember(member, mask_name(rows[member]["name"] or ""), TeamRole(role)))
    return found
