"""Every use case that writes, and the places that write."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.use_cases import UseCase
from tests.declared import declared_use_cases

from . import (
    cases_of_claims,
    cases_of_data,
    cases_of_matters,
    cases_of_packages,
    cases_of_people,
    cases_of_plans,
    cases_of_rosters,
    cases_of_skills,
)

SERVICES: Final = Path(__file__).parents[2] / "services"
CASES: Final = (
    *cases_of_data.CASES,
    *cases_of_plans.CASES,
    *cases_of_people.CASES,
    *cases_of_rosters.CASES,
    *cases_of_claims.CASES,
    *cases_of_skills.CASES,
    *cases_of_packages.CASES,
    *cases_of_matters.CASES,
)
ELSEWHERE: Final = {"services.maintenance.backups._note_restore"}
"""Writes to a store that it has just made, after the work is done."""


def writing_places() -> set[str]:
    """Return every use case of ``services``, and every function that writes without one, as ``module.function``."""
    declared = {place_of(case) for case in declared_use_cases()}
    return declared | {place for path in SERVICES.rglob("*.py") for place in _places(path)}


def place_of(case: UseCase) -> str:
    """Return where a use case is written down, as ``module.function``."""
    return f"{case.module}.{case.name}"


def _places(path: Path) -> Iterator[str]:
    module = ".".join(path.relative_to(SERVICES.parent).with_suffix("").parts)
    if module.startswith(("services.store.", "services.context")):
        return
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and any(_opens(call) for call in ast.walk(node)):
            yield f"{module}.{node.name}"


def _opens(call: ast.AST) -> bool:
    """Return whether a call is ``….act_unlogged(…)`` or ``….storage().write()``."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    on = call.func.value
    is_of_storage = isinstance(on, ast.Call) and isinstance(on.func, ast.Attribute) and on.func.attr == "storage"
    return call.func.attr == "act_unlogged" or (call.func.attr == "write" and is_of_storage)
