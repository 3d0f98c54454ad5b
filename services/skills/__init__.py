"""Skills (特长) of members: what they can do, as they state it or as it was checked, and who has which."""

from services.skills.bank import SkillBank, SkillCount, SkilledPerson, find_skilled, read_skill_bank
from services.skills.check import PROOF_NAMES, Proof, check_skill
from services.skills.errors import ProofOverError, UnknownSkillError
from services.skills.texts import skill_words

__all__ = [
    "PROOF_NAMES",
    "Proof",
    "ProofOverError",
    "SkillBank",
    "SkillCount",
    "SkilledPerson",
    "UnknownSkillError",
    "check_skill",
    "find_skilled",
    "read_skill_bank",
    "skill_words",
]
