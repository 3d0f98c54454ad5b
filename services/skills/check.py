"""Checking a skill: somebody of the office has seen a proof; which kind is kept in the trail, never its number."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from geo.schema import Layer
from services.catalog.actions import Action
from services.catalog.skills import SkillCatalog, load_skills
from services.context import Work
from services.i18n import Text, text
from services.people.find import require_inside
from services.rules.skills import SKILLS, SkillLevel
from services.skills.errors import ProofOverError, UnknownSkillError
from services.use_cases import use_case


class Proof(StrEnum):
    """What was seen."""

    LICENCE = "licence"
    CERTIFICATE = "certificate"
    EMPLOYER = "employer"
    NOTHING = "nothing"
    """The skill counts as stated: it was checked by mistake, or the proof does not hold."""


PROOF_NAMES: Final[Mapping[Proof, Text]] = {
    Proof.LICENCE: text("A licence"),
    Proof.CERTIFICATE: text("A certificate of training"),
    Proof.EMPLOYER: text("The word of the employer"),
    Proof.NOTHING: text("Nothing: it counts as stated"),
}


@use_case(Action.CHECK_SKILL, "{member_code}")
def check_skill(work: Work, member_code: str, skill: str, proof: Proof, valid_until: date | None = None) -> None:
    """Note that a proof of a skill was seen; a skill that the member has not stated is added.

    Parameters
    ----------
    skill
        Its code, or a word that names it.
    valid_until
        The last day of the proof; None where it has none.

    Raises
    ------
    UnknownPersonError
        If nobody of the actor's area has this code.
    UnknownSkillError
        If the catalogue has no such skill.
    ProofOverError
        If the last day lies behind.
    """
    require_inside(work.context, work.tx, member_code)
    catalog = load_skills()
    code = require_skill(catalog, skill)
    if valid_until is not None and valid_until < work.now.date():
        raise ProofOverError(valid_until)
    is_checked = proof is not Proof.NOTHING
    until = valid_until.isoformat() if valid_until and is_checked else None
    level = SkillLevel.CHECKED if is_checked else SkillLevel.STATED
    others = [row for row in work.tx.skills.read([member_code]).get(member_code, ()) if row["skill"] != code]
    work.tx.skills.replace({member_code: [*others, {"skill": code, "level": level.value, "valid_until": until}]})
    work.tx.touch(SKILLS)
    work.tx.touch(Layer.MEMBERS.value)
    work.note(skill=catalog.skills[code].name, proof=proof.value, until=until or "")


def require_skill(catalog: SkillCatalog, words: str) -> str:
    """Return the code of the skill that a code or word names.

    Raises
    ------
    UnknownSkillError
        If it names none.
    """
    code = catalog.find_code(words)
    if code not in catalog.skills:
        raise UnknownSkillError
    return code
