"""Skills in words: what they are called, and how they are known on a day."""

from datetime import date

from services.catalog.skills import load_skills
from services.i18n import translate
from services.rules.skills import MemberSkill, SkillLevel


def skill_words(skill: MemberSkill, today: date) -> str:
    """Return a skill as lists say it: ``医疗（已核实，至 2027-12-31）``; one that takes no proof by its name alone."""
    catalog = load_skills()
    name, until = catalog.name(skill.code), skill.valid_until
    if skill.level_on(today) is SkillLevel.CHECKED:
        if until is None:
            return translate("{skill} (checked)", skill=name)
        return translate("{skill} (checked until {day})", skill=name, day=until.isoformat())
    if skill.level is SkillLevel.CHECKED and until is not None:
        return translate("{skill} (proof over since {day})", skill=name, day=until.isoformat())
    return translate("{skill} (not checked)", skill=name) if catalog.needs_proof(skill.code) else name
