"""How likely it is that as many people come to a grid or estate as it needs: each member comes or does not."""

from typing import Final

import numpy as np

from geo.arrays import Floats
from geo.chance import chance_of_enough
from services.coverage.inputs import LevelInputs
from services.coverage.roster_supply import MemberSupply
from services.rules.availability import fill_hours, supply_in_window

_ROUNDING: Final = 1e-9


def find_chances(
    level: LevelInputs,
    usual: Floats,
    share: Floats,
    *,
    need: Floats,
    members: MemberSupply,
    arriving: Floats,
    leaving: Floats,
    attendance: float = 1.0,
) -> Floats:
    """Return the chance that at least the whole heads that each zone needs come, shape (n,).

    A member comes by the share of the window in which he has time, whatever the others do (``geo.chance``); where
    people of the zone are sent away, each of its members is less likely to be there. Who is sent here comes with the
    attendance of the norms, and who said yes to a roster comes: where rosters hold, nobody else does.
    So the mean of those who come is the supply. Small groups count as ``services.rules.small_counts`` says, as they do
    in the supply: nothing more can be worked out of them. It is told in whole per cent, rounded down, from which
    nobody's own hours can be worked out either.

    Parameters
    ----------
    level
        Grids or estates.
    usual
        Share of each part of the day in which somebody who states nothing can come, shape (4,).
    share
        Share of the window in each part of the day, shape (4,).
    need
        Persons, shape (n,).
    members
        Who counts in the window.
    arriving, leaving
        What the supply gains and loses by who is sent, means over the window, shape (n,).
    attendance
        Share of those who are sent here that comes.

    Returns
    -------
    0 to 1 in steps of 0.01; NaN where nobody is needed or nothing is known.
    """
    estimate, counted = supply_in_window(level.persons, share), members.members
    left = 1.0 - np.divide(leaving, counted, out=np.zeros_like(counted), where=counted > 0)
    rest = (counted - members.on_duty) * left
    stay = np.divide(rest, estimate, out=np.zeros_like(rest), where=estimate > 0)
    standing = members.on_duty * left
    people = level.people
    comes = supply_in_window(fill_hours(people.hours, usual), share) * stay[people.group]
    zones, sent = np.arange(need.size), arriving / max(attendance, _ROUNDING)
    heads, there = np.floor(sent + _ROUNDING), np.floor(standing + _ROUNDING)
    part = np.clip(sent - heads, 0.0, 1.0) * attendance
    is_sure = attendance >= 1.0
    sure = heads * is_sure + there
    missing = np.where(need > 0, np.maximum(np.ceil(need - _ROUNDING) - sure, 0.0), np.nan)
    unsure = np.repeat(zones, 0 if is_sure else heads.astype(np.intp))
    chance = chance_of_enough(
        missing,
        np.concatenate([comes, part, np.clip(standing - there, 0.0, 1.0), np.full(unsure.size, attendance)]),
        np.concatenate([people.group, zones, zones, unsure]),
    )
    return np.floor(100 * chance + _ROUNDING) / 100
