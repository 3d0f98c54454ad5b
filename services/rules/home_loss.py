"""How many of the people of a team its home grid counts among its members: only those are missed when the team goes.

An order calls a team out, so it arrives in full. Its home counted its members by the share of the window in which they
have time, and loses no more than that (docs/adr/0008).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HomeTeam:
    """A team at home."""

    code: str
    home: str
    """Code of its home grid."""
    size: int
    members: int | None
    """How many of it are stored as members of the home grid; null where nobody stored who stands in it."""


def counted_shares(teams: Iterable[HomeTeam], members: Mapping[str, int]) -> dict[str, float]:
    """Return the share of the people of each team whom its home grid counts among its members, 0 to 1, by team code.

    Where it is stored who stands in a team, those count who are members of the home; whoever was typed in costs the
    grid nothing. Of such teams those with the lower codes are counted first, until the grid has no member left (what is
    told of one must not depend on how many more there are). Of other teams everybody counts; where a grid has fewer
    members left than such teams have people, its members are spread over them evenly, so that all its teams together
    never take more members than there are.

    Parameters
    ----------
    teams
        Every team of the grids in question. Teams without people are left out.
    members
        Members of each grid, by code; grids that are not named have none.

    Examples
    --------
    >>> teams = [HomeTeam("A", "G", 12, None), HomeTeam("B", "G", 8, None), HomeTeam("C", "G", 5, 2)]
    >>> counted_shares(teams, {"G": 12})
    {'A': 0.5, 'B': 0.5, 'C': 0.4}
    """
    there = [team for team in teams if team.size > 0]
    left, shares = dict(members), {}
    for team in sorted(there, key=lambda team: team.code):
        if team.members is not None:
            taken = min(team.members, team.size, left.get(team.home, 0))
            left[team.home] = left.get(team.home, 0) - taken
            shares[team.code] = taken / team.size
    others: dict[str, int] = defaultdict(int)
    for team in there:
        others[team.home] += team.size if team.members is None else 0
    spread = {home: min(left.get(home, 0) / size, 1.0) for home, size in others.items() if size}
    return {team.code: shares[team.code] if team.members is not None else spread[team.home] for team in there}
