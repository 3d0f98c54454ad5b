"""How many people stand in the shifts of rosters, by post, by home, by team and unit: plain rows out."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Text, func, literal, select

from geo.schema import Layer
from services.store import roster_tables as tables
from services.store.rows import Row, all_rows, in_parts, number_parts
from services.store.tables import assignments, layers, team_members

_MEMBERS: Final = layers[Layer.MEMBERS]
_AT: Final = assignments


class RosterCounts:
    """Sums of duties, read on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count_standing(self, roster_ids: Collection[int], states: Collection[str]) -> list[Row]:
        """Return how many people stand in each shift of some rosters: ``roster_id post_code start end state heads``."""
        shifts = tables.shifts.c
        return self._count_heads(roster_ids, states, (shifts.roster_id, shifts.post_code))

    def count_busy(self, roster_ids: Collection[int], states: Collection[str]) -> list[Row]:
        """Return the same of members, by where they live: ``grid_code estate_code`` for the post."""
        return self._count_heads(roster_ids, states, (_AT.c.grid_code, _AT.c.estate_code, tables.shifts.c.roster_id))

    def count_busy_groups(self, roster_ids: Collection[int], states: Collection[str]) -> list[Row]:
        """Return how many people without a name of each team and unit serve: ``team_code unit_code`` for the post."""
        duties = tables.duties.c
        rows = self._count_heads(roster_ids, states, (duties.team_code, duties.unit_code, tables.shifts.c.roster_id))
        return [row for row in rows if row["team_code"] or row["unit_code"]]

    def count_homes(self, team_codes: Collection[str], unit_codes: Collection[str]) -> list[Row]:
        """Return where the stored members of some teams and units live, by either.

        Rows have ``team_code unit_code grid_code estate_code n``; of each one of the first two is null.
        """
        home, none = (_AT.c.grid_code, _AT.c.estate_code), literal(None, Text)
        in_team = select(team_members.c.team_code, none.label("unit_code"), *home, func.count().label("n"))
        in_team = in_team.join_from(team_members, _AT, _AT.c.member_code == team_members.c.member_code)
        in_unit = select(none.label("team_code"), _MEMBERS.c.unit_code, *home, func.count().label("n"))
        in_unit = in_unit.join_from(_MEMBERS, _AT, _AT.c.member_code == _MEMBERS.c.code)
        counted = ((in_team, team_members.c.team_code, team_codes), (in_unit, _MEMBERS.c.unit_code, unit_codes))
        return [
            row
            for wanted, code, codes in counted
            for part in in_parts(codes)
            for row in all_rows(
                self._connection,
                wanted.where(code.in_(part) & _AT.c.grid_code.is_not(None)).group_by(code, *home).order_by(code, *home),
            )
        ]

    def _count_heads(self, roster_ids: Collection[int], states: Collection[str], of: Sequence[Any]) -> list[Row]:
        duties, shifts = tables.duties, tables.shifts
        by = (*of, shifts.c.start, shifts.c.end, duties.c.state)
        there = shifts.join(duties, duties.c.shift_id == shifts.c.id)
        if of[0].table is _AT:
            there = there.join(_AT, _AT.c.member_code == duties.c.member_code)
        wanted = select(*by, func.sum(duties.c.heads).label("heads")).select_from(there).group_by(*by).order_by(*by)
        wanted = wanted.where(duties.c.state.in_(states))
        parts = (shifts.c.roster_id.in_(part) for part in number_parts(roster_ids))
        return [row for part in parts for row in all_rows(self._connection, wanted.where(part))]
