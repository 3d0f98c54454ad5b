"""Whom of its teams a grid counts among its members, as the store knows it now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.context import Transaction
from services.rules.home_loss import HomeTeam, counted_shares
from services.rules.small_counts import count_by_grid
from services.rules.team_templates import is_formed_here


@dataclass(frozen=True, slots=True)
class HomeTeams:
    """Teams with people and a home, by code."""

    home: Mapping[str, str]
    share: Mapping[str, float]
    """The share of each team whom its home counts among its members (``services.rules.small_counts``), 0 to 1."""


def read_membership(tx: Transaction, homes: Collection[str] | None = None) -> HomeTeams:
    """Return the teams of some home grids (by default all) with the share of each that is counted there."""
    if homes is not None and not homes:
        return HomeTeams({}, {})
    teams = [
        HomeTeam(row["code"], row["home"], row["size"], _named(row["code"], row["stored"], row["named"]))
        for row in tx.plans.read_standing()
        if homes is None or row["home"] in homes
    ]
    members = count_by_grid(tx.plans.count_members())
    return HomeTeams({team.code: team.home for team in teams}, counted_shares(teams, members))


def _named(code: str, stored_data: int, named: int) -> int | None:
    """Return how many of a team are named by code, None where nobody said: a team formed on the spot always says."""
    return named if stored_data or is_formed_here(code) else None
