"""How every use case of skills is called for one of two communities."""

from services.catalog.actions import Action
from services.skills import Proof, check_skill, find_skilled, read_skill_bank


def skill_cases(free, hidden, limited, hidden_as):
    """Return the cases, made by the functions of ``permission_cases``."""
    return {
        "skills.check.check_skill": hidden(
            Action.CHECK_SKILL, lambda c, s, w: check_skill(c, s.member, "医疗", Proof.LICENCE), hidden_as
        ),
        "skills.bank.read_skill_bank": free(Action.VIEW_SKILLS, lambda c, s, w: read_skill_bank(c)),
        "skills.bank.find_skilled": limited(
            Action.VIEW_PEOPLE,
            lambda c, s, w: find_skilled(c, "医疗"),
            lambda people: {
                each for person in people for each in (person.code, person.community_code, person.unit_code)
            },
        ),
    }
