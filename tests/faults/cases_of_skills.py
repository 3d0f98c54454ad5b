"""Use cases that write skills."""

from typing import Final

from services.skills import Proof, check_skill

from .case import Case, nothing

CASES: Final = (
    Case(
        "check a skill",
        ("services.skills.check.check_skill",),
        nothing,
        lambda o, _: check_skill(o, "M001", "医疗", Proof.LICENCE),
    ),
)
