"""What the browser needs to tell both ends of a drop without asking: need, supply, places and teams of a window."""

import base64
import gzip
import hashlib
import json
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from dashboard.map.packing import PackedLayer
from geo.schema import Layer
from geo.travel import DETOUR, WALKING_M_PER_MINUTE, Pairs
from services.coverage import TravelSource
from services.planning import PlanningSnapshot, team_table
from services.planning.snapshot import NEAR_MINUTES

MOST_WAYS: Final = 250_000
"""With more ways the browser is only told those up to ``NEAR_MINUTES``."""


def pack_ground(snapshot: PlanningSnapshot) -> PackedLayer:
    """Return the ground of a snapshot as compressed JSON; what it holds is in the order of grids, estates and teams."""
    body = json.dumps(make_ground(snapshot), ensure_ascii=False, separators=(",", ":")).encode()
    token = hashlib.sha256(body).hexdigest()[:16]
    return PackedLayer(token=token, body=gzip.compress(body, 5, mtime=0), count=len(snapshot.grids))


def make_ground(snapshot: PlanningSnapshot) -> dict[str, Any]:
    """Return the ground of a snapshot: persons are those of the window with everybody already sent."""
    points = snapshot.coverage_inputs.levels[Layer.GRIDS].points
    return {
        "need": _numbers(snapshot.grids["need"]),
        "supply": _numbers(snapshot.grids["supply"]),
        "points": _numbers(np.round(points).reshape(-1), digits=0),
        "attendance": round(snapshot.attendance, 4),
        "minutesPerMetre": DETOUR / WALKING_M_PER_MINUTE,
        "walks": _walks(snapshot),
        "estateGrid": snapshot.coverage_inputs.levels[Layer.ESTATES].parent.tolist(),
        "teams": _teams(snapshot),
        "orders": [{"team": o.team_code, "grid": o.to_code, "people": o.people} for o in snapshot.orders],
    }


def _walks(snapshot: PlanningSnapshot) -> dict[str, Any] | None:
    """Return the minutes from home grids to the grids around along roads; null where ways are straight lines.

    ``first[k]`` to ``first[k + 1]`` are the ways from ``homes[k]``, by grid: rows of grids (32 bits) and tenths of
    minutes (16 bits), little-endian in base64. A grid that is not there is farther than ``limit`` minutes.
    """
    if snapshot.coverage_inputs.travel_times.travel is TravelSource.STRAIGHT:
        return None
    ways, limit = snapshot.travel_times, snapshot.walks_limit
    if ways.cost.size > MOST_WAYS:
        near, limit = ways.cost <= NEAR_MINUTES, min(limit, NEAR_MINUTES)
        ways = Pairs(ways.origin[near], ways.destination[near], ways.cost[near])
    ends = np.searchsorted(ways.origin, [*snapshot.homes, len(snapshot.grids)])
    return {
        "limit": limit,
        "homes": snapshot.homes,
        "first": ends.tolist(),
        "grids": base64.b64encode(ways.destination.astype("<u4").tobytes()).decode(),
        "tenths": base64.b64encode(np.ceil(ways.cost * 10).astype("<u2").tobytes()).decode(),
    }


def _teams(snapshot: PlanningSnapshot) -> list[dict[str, Any]]:
    """Return the teams without the names of persons.

    ``lost`` is what home loses when the whole team goes, ``counted`` the share of the team that home counts among its
    members.
    """
    return [
        {
            "code": code,
            "name": row["name"],
            "size": row["size"],
            "free": row["free"],
            "counted": round(snapshot.home_shares.get(str(code), 1.0), 4),
            "lost": round(snapshot.home_loss(str(code), row["size"]), 4),
            "role": row["leader_role"],
            "skills": [skill for skill in row["skills"].split("、") if skill],
            "home": snapshot.position(row["home_code"]),
            "homeName": row["home_name"],
            "sentTo": row["sent_to"],
        }
        for code, row in team_table(snapshot).to_dict("index").items()
    ]


def _numbers(values: ArrayLike, digits: int = 4) -> list[float | None]:
    """Return numbers as JSON has them: null where nobody knows."""
    given = np.round(np.asarray(values, dtype=np.float64), digits)
    return [None if np.isnan(value) else value for value in given.tolist()]
