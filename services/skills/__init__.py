"""Skills (特长) of members: what they can do, as they state it or as it was checked."""

from services.skills.texts import skill_words

__all__ = ["skill_words"]
