"""The teams, grids and estates that plans name, as they are now: small look-ups inside a transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from geo.schema import Layer
from services.context import Transaction


@dataclass(frozen=True, slots=True)
class Team:
    """A team as planning knows it; texts nobody stated are empty, a size nobody stated is 0."""

    code: str
    name: str
    kind: str
    size: int
    home_code: str
    """Its home grid."""
    unit_code: str
    leader: str
    leader_role: str
    phone: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanZone:
    """A zone as planning knows it."""

    code: str
    name: str
    parent_code: str


def fetch_teams(tx: Transaction, codes: Collection[str]) -> dict[str, Team]:
    """Return the teams with these codes that are there."""
    return {code: team_from_row(row) for code, row in tx.plans.read_rows(Layer.TEAMS, codes).items()}


def fetch_places(tx: Transaction, layer: Layer, codes: Collection[str]) -> dict[str, PlanZone]:
    """Return the zones of a level with these codes that are there; a zone without a name goes by its code."""
    return {
        code: PlanZone(code, row["name"] or code, row["parent_code"] or "")
        for code, row in tx.plans.read_rows(layer, codes).items()
    }


def team_from_row(row: Any) -> Team:
    """Return a team from its row in the store."""
    stated = {name: row[name] or "" for name in ("kind", "unit_code", "leader", "leader_role", "phone")}
    return Team(
        code=row["code"],
        name=row["name"] or row["code"],
        size=int(row["size"] or 0),
        home_code=row["parent_code"] or "",
        skills=tuple(skill for skill in (row["skills"] or "").split(";") if skill),
        **stated,
    )
