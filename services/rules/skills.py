"""What somebody can do (特长), as they state it or as a proof was seen, and how long that holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

SKILLS: Final = "member_skills"
"""The part of the versions of a store that changes with them."""


class SkillLevel(StrEnum):
    """How a skill is known."""

    STATED = "stated"
    CHECKED = "checked"
    """Somebody of the office has seen a proof."""


@dataclass(frozen=True, slots=True)
class MemberSkill:
    """A skill of somebody."""

    code: str
    """Of the catalogue; a word that stands in none, as it is."""
    level: SkillLevel = SkillLevel.STATED
    valid_until: date | None = None
    """The last day of what was seen; None where it has none."""

    def level_on(self, day: date) -> SkillLevel:
        """Return how the skill counts on a day: a proof whose time is over counts as stated.

        Examples
        --------
        >>> MemberSkill("medical", SkillLevel.CHECKED, date(2027, 12, 31)).level_on(date(2028, 1, 1)).value
        'stated'
        """
        is_over = self.valid_until is not None and day > self.valid_until
        return SkillLevel.STATED if is_over else self.level


def skill_from_row(row: Mapping[str, Any]) -> MemberSkill:
    """Return a skill from its row."""
    until = row["valid_until"]
    return MemberSkill(row["skill"], SkillLevel(row["level"]), date.fromisoformat(until) if until else None)
