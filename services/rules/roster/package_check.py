"""What stands against a duty in the seats of a package: whose seats they are, and which batch comes then (rules P)."""

from collections.abc import Iterable, Mapping, Sequence

from services.rules.roster.clash import DutyBreach, DutyRule, Stay, time_words
from services.rules.roster.packages import Package
from services.rules.windows import Window


def check_unit(
    package: Package, unit_names: Mapping[str, str], unit_code: str, member_code: str, window: Window
) -> tuple[DutyBreach, ...]:
    """Return what somebody of a unit breaks, or of none, in seats that a package reserves.

    Parameters
    ----------
    unit_names
        What units are called, by code.
    member_code
        Empty for people without a name: they are in every batch of their unit.
    """
    if unit_code != package.unit_code:
        name = unit_names.get(package.unit_code, package.unit_code)
        return (DutyBreach(DutyRule.PACKAGE, {"unit": name}),)
    batch = package.batch_at(window.start)
    if batch is None or not member_code or not batch.members or member_code in batch.members:
        return ()
    return (DutyBreach(DutyRule.NOT_IN_BATCH, {"number": batch.number}),)


def name_both_places(breaches: Iterable[DutyBreach], here: Stay) -> Sequence[DutyBreach]:
    """Return breaches of which those of an overlap tell where somebody was to stand besides where they do."""
    return [_elsewhere(breach, here) if breach.rule is DutyRule.OVERLAP else breach for breach in breaches]


def _elsewhere(breach: DutyBreach, here: Stay) -> DutyBreach:
    there = breach.params
    return DutyBreach(
        DutyRule.ELSEWHERE,
        {"here": here.post_name, "window": time_words(here.window), "post": there["post"], "other": there["window"]},
    )
