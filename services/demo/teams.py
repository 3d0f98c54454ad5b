"""Teams: people who are sent together, from grids that have members to spare."""

from collections import Counter
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.arrays import Ints
from geo.schema import Layer
from services.demo.land import Division, share_out
from services.demo.names import Texts, make_persons, make_phones
from services.demo.people import SKILLS, keep, numeral
from services.demo.sizes import Counts, DemoData
from services.demo.terrain import frame

_KINDS: Final = np.array(["突击队", "先锋队", "志愿服务队"], dtype=object)
_ROLES: Final = np.array(
    ["党支部书记", "网格长", "楼组长", "科长", "教师", "医生", "退役军人", "业主委员会主任"], dtype=object
)


def make_teams_layer(
    data: DemoData, division: Division, members: Ints, counts: Counts, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Return teams; known communities have exactly theirs, the others come from grids with many ``members``."""
    grid, size, kind = _known_teams(division, members)
    left = counts.teams - len(grid)
    free = ~np.isin(np.array(division.community_of), list(division.communities_known))
    weights = np.where(free, members, 0).astype(float)
    homes = rng.choice(len(members), left, p=weights / weights.sum())
    fits = np.maximum(np.round(members[homes] * 0.35).astype(int), 4)
    grid = np.concatenate([grid, homes]).astype(np.int64)
    size = np.concatenate([size, np.minimum(rng.integers(5, 13, left), fits)]).astype(np.int64)
    kind = np.concatenate([kind, _KINDS[rng.choice(3, left, p=[0.5, 0.3, 0.2])]])
    order = np.argsort(grid, kind="stable")
    grid, size, kind = grid[order], size[order], kind[order]
    many = len(grid)
    units = data[Layer.UNITS].index.to_numpy()
    grids = data[Layer.GRIDS]
    points = shapely.transform(shapely.point_on_surface(grids.geom.to_numpy()[grid]), lambda xy: np.round(xy, 7))
    return frame(
        [f"T{i:05d}" for i in range(1, many + 1)],
        points,
        name=_names(data, division, grid, kind),
        parent_code=grids.index.to_numpy()[grid],
        kind=kind,
        size=size,
        unit_code=keep(units[rng.integers(0, len(units), many)], rng.random(many) < 0.7),
        leader=make_persons(many, rng),
        leader_role=_ROLES[rng.integers(0, len(_ROLES), many)],
        phone=make_phones(91_000_000, many),
        skills=_team_skills(many, rng),
    )


def _known_teams(division: Division, members: Ints) -> tuple[Ints, Ints, Texts]:
    """Return grid, size and kind of the teams of known communities, spread over their grids by members."""
    community = np.array(division.community_of)
    grid: list[int] = []
    size: list[int] = []
    kind: list[str] = []
    for number, known in division.communities_known.items():
        rows = np.flatnonzero(community == number)
        sizes = known.teams.sizes
        spread = share_out(len(sizes), members[rows] + 0.01)
        grid += np.repeat(rows, spread).tolist()
        size += sizes
        kind += [known.teams.kind] * len(sizes)
    return np.array(grid), np.array(size), np.array(kind, dtype=object)


def _names(data: DemoData, division: Division, grid: Ints, kind: Texts) -> list[str]:
    """Return names that count within community and kind: 雅瑶社区第一突击队."""
    community = data[Layer.COMMUNITIES]["name"].to_numpy()[np.array(division.community_of)[grid]]
    seen: Counter[tuple[str, str]] = Counter()
    names = []
    for key in zip(community, kind, strict=True):
        seen[key] += 1
        names.append(f"{key[0]}第{numeral(seen[key])}{key[1]}")
    return names


def _team_skills(count: int, rng: np.random.Generator) -> Texts:
    chosen = SKILLS[np.argsort(rng.random((count, len(SKILLS))), axis=1)]
    many = rng.integers(0, 4, count)
    return np.array([";".join(row[:n]) or None for row, n in zip(chosen, many, strict=True)], dtype=object)
