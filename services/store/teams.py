"""Who stands in the teams that were formed here: member codes and places, plain rows in, plain rows out."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from geo.schema import Layer
from services.store import tables

_MEMBERS = tables.team_members
_PEOPLE = tables.layers[Layer.MEMBERS]
_TEAMS = tables.layers[Layer.TEAMS]


class TeamRows:
    """Memberships, read and written on one connection.

    A membership ends with its team. A member who is no longer stored (an import was taken back) counts nowhere, and
    stands in the team again when they come back.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_members(self, team_code: str, members: Sequence[tuple[str, str]]) -> None:
        """Write the members (code, place) of a team that has none yet; their order is not kept."""
        rows = [{"team_code": team_code, "member_code": code, "place": place} for code, place in members]
        if rows:
            self._connection.execute(insert(_MEMBERS), rows)

    def count_members(self) -> dict[str, int]:
        """Return how many stored members each team has, by code; teams without any are left out."""
        wanted = (
            select(_MEMBERS.c.team_code, func.count().label("people"))
            .join(_PEOPLE, _PEOPLE.c.code == _MEMBERS.c.member_code)
            .group_by(_MEMBERS.c.team_code)
            .order_by(_MEMBERS.c.team_code)
        )
        return {row.team_code: int(row.people) for row in self._connection.execute(wanted)}

    def read_memberships(self) -> list[tuple[str, str, str]]:
        """Return every membership of a stored member as (team, member, place), by team and member."""
        wanted = (
            select(_MEMBERS.c.team_code, _MEMBERS.c.member_code, _MEMBERS.c.place)
            .join(_PEOPLE, _PEOPLE.c.code == _MEMBERS.c.member_code)
            .order_by(_MEMBERS.c.team_code, _MEMBERS.c.member_code)
        )
        return [(row.team_code, row.member_code, row.place) for row in self._connection.execute(wanted)]

    def teams_of(self, member_codes: Collection[str]) -> Mapping[str, str]:
        """Return the team in which each of some members stands, by member code; free members are left out."""
        wanted = (
            select(_MEMBERS.c.member_code, _MEMBERS.c.team_code)
            .where(_MEMBERS.c.member_code.in_(sorted(set(member_codes))))
            .order_by(_MEMBERS.c.team_code.desc())
        )
        return {row.member_code: row.team_code for row in self._connection.execute(wanted)}

    def forget_deleted(self) -> None:
        """Delete the memberships of teams that are no longer there."""
        there = select(_TEAMS.c.code)
        self._connection.execute(delete(_MEMBERS).where(_MEMBERS.c.team_code.not_in(there)))
