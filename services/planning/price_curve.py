"""What other prices of a person would give: more people sent against fewer missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from geo.optimise import Progress
from services.planning.model import Plan, PlanSettings
from services.planning.preview import compare_plan
from services.planning.propose import PlanProposal, plan_with, propose_plan
from services.planning.snapshot import PlanningSnapshot

PRICES: Final = (0.0, 0.05, 0.1, 0.2, 0.5)
"""Persons missing that everybody who is sent has to bring at least."""
SECONDS_EACH: Final = 4.0
MOST_MINUTES: Final = 6000.0
"""More minutes on foot for one person missing cannot be set."""


@dataclass(frozen=True, slots=True)
class PricePoint:
    """What a proposal at some price does."""

    settings: PlanSettings
    """Those of the plan, at this price."""
    people: int
    """Who are sent, pinned moves not counted."""
    missing: float
    """Persons missing with the pinned moves and the proposal."""
    travel: float
    """Person-minutes, pinned moves not counted."""
    weighted: float
    """Persons missing, weighted by grid and by how much of its need is missing."""
    is_proven: bool
    """Whether no plan is better at this price."""

    def cost_at(self, settings: PlanSettings) -> float:
        """Return what its moves cost at other prices, in weighted persons."""
        return self.weighted + _sending_cost(settings, self.people, self.travel)


def settings_at(settings: PlanSettings, price: float) -> PlanSettings:
    """Return settings at another price of a person; a minute on foot costs more or less by the same factor.

    Where only one of them costs anything, the way stays as it is; where neither does, both go by the default's factor.

    Examples
    --------
    >>> [settings_at(PlanSettings(), price).minutes_per_person for price in (0, 0.05, 0.1, 0.2)]
    [0.0, 600.0, 300.0, 150.0]
    """
    if price == settings.person_price:
        return settings
    is_free = settings.person_price == 0 and settings.minutes_per_person == 0
    minutes = _minutes_at(PlanSettings() if is_free else settings, price)
    return replace(settings, person_price=price, minutes_per_person=minutes)


def point_of(snapshot: PlanningSnapshot, plan: Plan, proposal: PlanProposal) -> PricePoint:
    """Return what a proposal for a plan does, at the price in the plan's settings."""
    after = compare_plan(snapshot, plan_with(plan, proposal))[1]
    people = sum(move.people for move in proposal.moves)
    weighted = proposal.cost.value - _sending_cost(plan.settings, people, proposal.travel)
    return PricePoint(plan.settings, people, after.unmet, proposal.travel, weighted, proposal.is_proven)


def weigh_prices(
    snapshot: PlanningSnapshot,
    plan: Plan,
    proposal: PlanProposal,
    *,
    prices: Sequence[float] = PRICES,
    seconds: float = SECONDS_EACH,
    is_cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[float], None] = lambda _: None,
) -> tuple[PricePoint, ...]:
    """Return what proposals at some prices do, by rising price; the price of the plan is among them.

    Where a search ran out of time and what was found for another price is better at this one, it stands here too.

    Parameters
    ----------
    snapshot, plan
        As ``propose_plan`` takes them.
    proposal
        What was found for the plan: its price is not searched again.
    prices
        Of a person (``settings_at``).
    seconds
        When to stop at the latest, for each price.
    is_cancelled
        Asked often; what was found for the prices before is returned.
    report
        Told which share is done, 0 to 1, in the calling thread.
    """
    points = [point_of(snapshot, plan, proposal)]
    others = [price for price in sorted(set(prices)) if price != plan.settings.person_price]
    for nth, price in enumerate(others):
        priced = replace(plan, settings=settings_at(plan.settings, price))
        report(nth / len(others))
        tell = partial(_tell, report, nth, len(others), seconds)
        other = propose_plan(snapshot, priced, seconds=seconds, is_cancelled=is_cancelled, report=tell)
        if is_cancelled():
            break
        points.append(point_of(snapshot, priced, other))
    best = (points[0], *(_best_at(point, points) for point in points[1:]))
    return tuple(sorted(best, key=lambda point: point.settings.person_price))


def _best_at(point: PricePoint, points: Sequence[PricePoint]) -> PricePoint:
    """Return what costs least at the price of a point: its own moves, or those found for another price."""
    best = min((point, *points), key=lambda other: other.cost_at(point.settings))
    return point if point.is_proven else replace(best, settings=point.settings, is_proven=False)


def _sending_cost(settings: PlanSettings, people: int, travel: float) -> float:
    return settings.person_price * people + settings.minute_price * travel


def _tell(report: Callable[[float], None], nth: int, prices: int, seconds: float, step: Progress) -> None:
    """Report the share done of all prices at a step of the nth."""
    done = min(step.seconds / seconds, 1.0) if seconds > 0 else 1.0
    report((nth + done) / prices)


def _minutes_at(settings: PlanSettings, price: float) -> float:
    if price == 0:
        return 0.0
    if settings.person_price == 0 or settings.minutes_per_person == 0:
        return settings.minutes_per_person
    minutes = settings.minutes_per_person * settings.person_price / price
    return float(np.clip(round(minutes), 1, MOST_MINUTES))
