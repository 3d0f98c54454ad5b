"""The six communities for which figures were published, and what those figures are.

Everything else about them (names of estates and teams, who lives where) is made up like the rest.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KnownTeams:
    """Teams that a community is known to have."""

    kind: str
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KnownCommunity:
    """A community with published figures; what was not published is chosen to fit."""

    name: str
    grids: int
    residents: int
    households: int
    outsiders: int
    managed: tuple[bool, ...]
    """For each of its estates, in order, whether it has property management."""
    members: int
    teams: KnownTeams
    area_km2: float | None = None
    first_estate: str = ""
    all_members_in_first_estate: bool = False
    gates_per_estate: int | None = None
    """Gates are the posts (岗位) that have to be staffed."""
    in_estates: float = 1.0
    """The part of the residents who live in the estates; the others live in grids without any."""


KNOWN_COMMUNITIES: Final = (
    KnownCommunity(
        "雅瑶社区",
        grids=4,
        residents=2_036,
        households=812,
        outsiders=1_181,
        managed=(True, *[False] * 11),
        members=46,
        teams=KnownTeams("突击队", (5, 5, 6, 6, 7, 7)),
    ),
    KnownCommunity(
        "凤凰社区",
        grids=4,
        residents=3_260,
        households=1_190,
        outsiders=1_010,
        managed=(True, False, False, False, True),
        members=50,
        teams=KnownTeams("突击队", (5,) * 10),
        first_estate="云港花园",
        all_members_in_first_estate=True,
    ),
    KnownCommunity(
        "百合社区",
        grids=4,
        residents=2_410,
        households=886,
        outsiders=720,
        managed=(True, True, False, False),
        members=64,
        teams=KnownTeams("先锋队", (8, 9)),
        gates_per_estate=1,
    ),
    KnownCommunity(
        "合和社区",
        grids=6,
        residents=3_150,
        households=1_160,
        outsiders=1_730,
        managed=(False, True, *[False] * 7),
        members=58,
        teams=KnownTeams("突击队", (6, 8)),
    ),
    KnownCommunity(
        "牡丹社区",
        grids=5,
        residents=7_840,
        households=2_610,
        outsiders=2_080,
        managed=(True,) * 5,
        members=214,
        teams=KnownTeams("志愿服务队", (8, 10, 12)),
        area_km2=0.45,
    ),
    KnownCommunity(
        "云峰社区",
        grids=12,
        residents=31_200,
        households=11_500,
        outsiders=10_500,
        managed=(True,) * 5,
        members=401,
        teams=KnownTeams("突击队", (36,)),
        area_km2=3.5,
        in_estates=0.93,
    ),
)
"""雅瑶: 2,036 residents, more than half from elsewhere, 12 estates of which 11 without property management, 6 teams.
凤凰: the estate 云港花园, 50 members in 10 groups. 百合: two vanguard teams and 4 posts. 牡丹: 0.45 km², 5 large
estates, 7,840 registered residents. 云峰: 3.5 km², 5 managed estates, 11,500 households, 31,200 residents (10,500 from
elsewhere), 401 in-service members, one team of 36. 合和: by name only."""

CARVED: Final = tuple(k for k in KNOWN_COMMUNITIES if k.area_km2 is not None)
"""Known by area: cut out first."""
CUT_BY_SHARE: Final = tuple(k for k in KNOWN_COMMUNITIES if k.area_km2 is None)
