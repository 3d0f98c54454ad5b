"""How many of the people of a team its home grid counts among its members: only those are missed when the team goes.

An order calls a team out, so it arrives in full. Its home counted its members by the share of the window in which they
have time, and loses no more than that (docs/adr/0008).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A team at home."""

    code: str
    home: str
    """Code of its home grid."""
    size: int
    named: int | None
    """How many of it are stored as members of the home grid; null where nobody stored who stands in it."""


def counted_shares(teams: Iterable[Standing], members: Mapping[str, int]) -> dict[str, float]:
    """Return the share of the people of each team whom its home grid counts among its members, 0 to 1, by team code.

    Where it is stored who stands in a team, those count who are members of the home; whoever was typed in costs the
    grid nothing. Of other teams everybody counts; where a grid has fewer members left than such teams have people, its
    members are spread over them evenly, so that all its teams together never take more members than there are.

    Parameters
    ----------
    teams
        Every team of the grids in question. Teams without people are left out.
    members
        Members of each grid, by code; grids that are not named have none.

    Examples
    --------
    >>> teams = [Standing("A", "G", 12, None), Standing("B", "G", 8, None), Standing("C", "G", 5, 2)]
    >>> counted_shares(teams, {"G": 12})
    {'A': 0.5, 'B': 0.5, 'C': 0.4}
    """
    there = [team for team in teams if team.size > 0]
    named: dict[str, int] = defaultdict(int)
    others: dict[str, int] = defaultdict(int)
    for team in there:
        if team.named is None:
            others[team.home] += team.size
        else:
            named[team.home] += min(team.named, team.size)
    return {team.code: _share(team, members.get(team.home, 0), named[team.home], others[team.home]) for team in there}


def _share(team: Standing, members: int, named: int, others: int) -> float:
    """Return the share of one team; ``named`` and ``others`` are sums over the teams of its home."""
    if team.named is None:
        return min(max(members - named, 0) / others, 1.0)
    of_team = min(team.named, team.size) / team.size
    return of_team * min(members / named, 1.0) if named else 0.0
