"""The bank of skills: how many of an area state each, of how many it was checked, and who they are."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.assignment import people_inside
from services.catalog.actions import Action
from services.catalog.skills import load_skills
from services.context import Context, Transaction
from services.coverage import load_norms
from services.rostering.ground import read_order_stays, read_persons
from services.rostering.model import minute
from services.rules.norms import working_calendar
from services.rules.people import mask_name
from services.rules.privacy import sees_small_counts
from services.rules.roster.duties import LIVE
from services.rules.roster.free_times import FreeAnswer, touched_parts
from services.rules.skills import MemberSkill, SkillLevel, skill_from_row
from services.rules.windows import Window
from services.skills.check import require_skill


@dataclass(frozen=True, slots=True)
class SkillCount:
    """How many people of an area have a skill."""

    code: str
    """Empty for words that stand in no catalogue."""
    stated_count: int
    """Stated and not checked, or no longer."""
    checked_count: int
    free_count: int | None
    """How many of both can come in the window and are not elsewhere; None without a window."""


@dataclass(frozen=True, slots=True)
class SkillBank:
    """Every skill of the catalogue in its order, words that stand in none at the end."""

    counts: tuple[SkillCount, ...]
    is_exact: bool
    """Whether the actor is told one and two too; to others they are "<3"."""


@dataclass(frozen=True, slots=True)
class SkilledPerson:
    """Somebody who has a skill."""

    code: str
    name: str
    """Masked."""
    unit_code: str
    community_code: str
    skill: MemberSkill
    is_free: bool | None
    """Whether they can come in the window and are not elsewhere; None without a window."""


def read_skill_bank(context: Context, window: Window | None = None) -> SkillBank:
    """Return how many people of the actor's area have each skill today.

    Raises
    ------
    RefusedError
        If the actor may not look at skills.
    """
    today, catalog = context.clock().date(), load_skills()
    with context.look(Action.VIEW_SKILLS) as tx:
        skills = _read_skills(tx, people_inside(context, tx).index)
        free = _read_free(tx, skills, window) if window else None
    stated, checked, able = Counter[str](), Counter[str](), Counter[str]()
    for member, own in skills.items():
        levels: dict[str, list[SkillLevel]] = {}
        for skill in own:
            levels.setdefault(skill.code if skill.code in catalog.skills else "", []).append(skill.level_on(today))
        for code, of_code in levels.items():
            (checked if SkillLevel.CHECKED in of_code else stated)[code] += 1
            able[code] += free is not None and member in free
    counts = (
        SkillCount(code, stated[code], checked[code], None if free is None else able[code])
        for code in (*catalog.skills, "")
    )
    return SkillBank(tuple(counts), sees_small_counts(context.actor))


def find_skilled(
    context: Context, skill: str, *, window: Window | None = None, only_checked: bool = False
) -> tuple[SkilledPerson, ...]:
    """Return who of the actor's area has a skill: who is free first, then who was checked, then by code.

    Parameters
    ----------
    skill
        Its code, or a word that names it.
    window
        Tells who can come then.
    only_checked
        Leaves out who has only stated it, or whose proof is over.

    Raises
    ------
    RefusedError
        If the actor may not see people.
    UnknownSkillError
        If the catalogue has no such skill.
    """
    code, today = require_skill(load_skills(), skill), context.clock().date()
    with context.look(Action.VIEW_PEOPLE) as tx:
        people = people_inside(context, tx, ["name"])
        own = {
            member: each
            for member, skills in _read_skills(tx, people.index).items()
            for each in skills
            if each.code == code and not (only_checked and each.level_on(today) is SkillLevel.STATED)
        }
        free = _read_free(tx, own, window) if window else None
    rows = people.loc[list(own)].fillna("").to_dict("index")
    found = (_person(str(member), rows[member], own[member], free) for member in own)
    return tuple(sorted(found, key=lambda each: (not each.is_free, each.skill.level_on(today), each.code)))


def _person(code: str, row: Mapping[Any, Any], skill: MemberSkill, free: Collection[str] | None) -> SkilledPerson:
    is_free = None if free is None else code in free
    return SkilledPerson(
        code, mask_name(str(row["name"])), str(row["unit_code"]), str(row["community_code"]), skill, is_free
    )


def _read_skills(tx: Transaction, member_codes: Collection[str]) -> dict[str, Sequence[MemberSkill]]:
    inside = set(member_codes)
    return {member: [*map(skill_from_row, rows)] for member, rows in tx.skills.read().items() if member in inside}


def _read_free(tx: Transaction, member_codes: Collection[str], window: Window) -> frozenset[str]:
    """Return who can come in a window and is neither on duty nor sent with a team then."""
    start, end = minute(window.start), minute(window.end)
    busy = {row["member_code"] for row in tx.rosters.read_duties_of(member_codes, start, end, [*map(str, LIVE)])}
    busy |= read_order_stays(tx, member_codes, start, end).keys()
    calendar = working_calendar(load_norms())
    parts = touched_parts(window, calendar)
    return frozenset(
        person.code
        for person in read_persons(tx, member_codes)
        if person.code not in busy and person.freedom.answer(window, calendar, parts) is not FreeAnswer.NO
    )
