"""Whom of its teams a grid counts among its members, as the store knows it now."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from services.context import Transaction
from services.rules.lending import Standing, counted_shares

FORMED: Final = re.compile(r"F[0-9a-f]{12}")
"""Codes of teams formed on the spot (``services.planning.teams``): who stands in them is stored, whoever is not was
typed in."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Teams with people and a home, by code."""

    home: Mapping[str, str]
    share: Mapping[str, float]
    """The share of each team whom its home counts among its members, 0 to 1."""


def read_standing(tx: Transaction, homes: Collection[str] | None = None) -> Homes:
    """Return the teams of some home grids (by default all) with the share of each that is counted there."""
    if homes is not None and not homes:
        return Homes({}, {})
    teams = [
        Standing(row["code"], row["home"], row["size"], _named(row["code"], row["stored"], row["named"]))
        for row in tx.plans.read_standing()
        if homes is None or row["home"] in homes
    ]
    return Homes({team.code: team.home for team in teams}, counted_shares(teams, tx.plans.count_members()))


def _named(code: str, stored: int, named: int) -> int | None:
    return named if stored or FORMED.fullmatch(code) else None
