"""What people the shifts of a post ask for (G4), and who of them is missing (C3)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from services.catalog.actions import Action
from services.catalog.compositions import load_compositions
from services.catalog.skills import load_skills
from services.context import Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.rostering.drafts import DutyRow, fetch_roster_for
from services.rostering.errors import RosterClosedError
from services.rostering.model import RosterState, shift_from_row
from services.rules.roster.clash import DutyBreach, DutyRule
from services.rules.roster.compose import missing_roles
from services.rules.roster.duties import FILLING, ROSTERS
from services.rules.skills import MemberSkill, SkillLevel
from services.use_cases import use_case

_FILLING: Final = frozenset(state.value for state in FILLING)


class UnknownNeedError(ServiceError, LookupError):
    """There is no such role or skill; what was written is not repeated."""

    def __init__(self) -> None:
        super().__init__(text("There is no role and no skill of this name."))


class ManyNeedsError(ServiceError, ValueError):
    """A shift would ask for more people than it has seats, or for none of a kind."""

    def __init__(self, heads: int, seats: int) -> None:
        super().__init__(
            text(
                "{heads} people of these kinds are asked for, and a shift has {seats} seats.", heads=heads, seats=seats
            )
        )


class NoSuchShiftsError(ServiceError, LookupError):
    """The roster has no shifts at this post."""

    def __init__(self, post_code: str) -> None:
        super().__init__(text("The roster has no shifts at the post {post}.", post=post_code[:40]))


@use_case(Action.KEEP_ROSTER, "roster:{roster_id}")
def set_shift_needs(work: Work, roster_id: int, post_code: str, needs: Mapping[str, int]) -> int:
    """Let every shift of a post in a roster ask for people of some kinds; return how many shifts there are.

    Parameters
    ----------
    needs
        Heads by role or skill, by code or name; empty for nobody in particular.

    Raises
    ------
    RosterClosedError
        If the roster is closed.
    NoSuchShiftsError
        If it has no shift at the post.
    UnknownNeedError
        If there is no such role or skill.
    ManyNeedsError
        If a shift has fewer seats, or nobody of a kind is asked for.
    """
    roster = fetch_roster_for(work.context, work.tx, roster_id)
    if roster.state is RosterState.CLOSED:
        raise RosterClosedError(roster.name)
    shifts = [shift_from_row(row) for row in work.tx.rosters.read_shifts(roster_id) if row["post_code"] == post_code]
    if not shifts:
        raise NoSuchShiftsError(post_code)
    heads = Counter[str]()
    for words, count in needs.items():
        code = load_compositions().find_need(words)
        if code is None:
            raise UnknownNeedError
        heads[code] += count
    fewest = min(shift.seats for shift in shifts)
    if heads.total() > fewest or any(count < 1 for count in heads.values()):
        raise ManyNeedsError(heads.total(), fewest)
    work.tx.shift_needs.replace([shift.id for shift in shifts], heads)
    work.tx.touch(ROSTERS)
    work.note(shifts=len(shifts))
    return len(shifts)


def read_missing(tx: Transaction, shift_ids: Collection[int], rows: Sequence[DutyRow]) -> dict[str, int]:
    """Return how many of each role and skill some shifts ask for and nobody in them is, summed over the shifts.

    Who has only stated a skill fills the need. People without a name fill none that takes a skill, and every other role
    first in the order in which the shift asks.

    Parameters
    ----------
    rows
        The duties of these shifts.
    """
    needs = tx.shift_needs.read(shift_ids)
    members: dict[int, list[str]] = defaultdict(list)
    unnamed = Counter[int]()
    for row in (row for row in rows if row["state"] in _FILLING):
        if row["member_code"]:
            members[row["shift_id"]].append(row["member_code"])
        else:
            unnamed[row["shift_id"]] += row["heads"]
    serving = load_compositions().role_skills
    skills = tx.skills.read({code for shift in needs for code in members[shift]})
    missing = Counter[str]()
    for shift, composition in needs.items():
        people = [[row["skill"] for row in skills.get(code, ())] for code in members[shift]]
        missing.update(missing_roles(composition, people, serving, _share_heads(composition, serving, unnamed[shift])))
    return dict(missing)


def need_breaches(
    missing: Mapping[str, int], open_seats: int, skills: Sequence[MemberSkill], day: date
) -> tuple[DutyBreach, ...]:
    """Return what is against somebody in a seat of a shift for want of a skill, or of a proof that holds on its day.

    Parameters
    ----------
    missing
        Heads that the shift asks for and nobody in it is, by role or skill.
    open_seats
        While there are more of them than of those heads, others may come too.
    """
    by = load_compositions().role_skills
    asked = {code for need in missing for code in by.get(need, (need,))}
    own = [skill for skill in skills if skill.code in asked]
    if not own:
        is_short = sum(missing.values()) >= open_seats > 0
        return (DutyBreach(DutyRule.SKILL, {"people": missing_words(missing)}),) if is_short else ()
    catalog = load_skills()
    if any(skill.level_on(day) is SkillLevel.CHECKED or not catalog.needs_proof(skill.code) for skill in own):
        return ()
    return (DutyBreach(DutyRule.PROOF, {"skill": "、".join(catalog.name(skill.code) for skill in own)}),)


def missing_words(missing: Mapping[str, int]) -> str:
    """Return who is missing as pages and commands say it: ``医生 1、民警 1``."""
    return "、".join(f"{load_compositions().need_name(code)} {count}" for code, count in missing.items())


def _share_heads(
    composition: Mapping[str, int], serving: Mapping[str, Collection[str]], unnamed: int
) -> dict[str, int]:
    """Return how many people without a name come for each role that takes no skill."""
    heads = {}
    for role, count in composition.items():
        if not serving.get(role, (role,)):
            heads[role] = min(count, unnamed)
            unnamed -= heads[role]
    return heads
