"""Who makes up a shift, as data (``data/compositions.toml``): roles, by which skills members fill them, and groups."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from services.catalog.skills import SkillFileError, load_skills
from services.i18n import current_language
from services.settings import read_settings


@dataclass(frozen=True, slots=True)
class ShiftRole:
    """A role in a shift."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    name_en: str
    by: tuple[str, ...]
    """Codes of the skills by which members fill it; without any it is filled by heads without a name."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A group of people as a shift may ask for it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    name_en: str
    members: Mapping[str, int]
    """Heads by role."""
    source: str
    source_en: str


@dataclass(frozen=True, slots=True)
class CompositionCatalog:
    """All of them, by code."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    roles: Mapping[str, ShiftRole]
    compositions: Mapping[str, Composition]

    @property
    def role_skills(self) -> dict[str, tuple[str, ...]]:
        """By which skills each role is filled."""
        return {code: role.by for code, role in self.roles.items()}

    def find_need(self, words: str) -> str | None:
        """Return the code of the role or skill that some words name, by code or name; None for neither."""
        named = (code for code, role in self.roles.items() if words in {code, role.name, role.name_en})
        skills = load_skills()
        code = next(named, skills.find_code(words))
        return code if code in self.roles or code in skills.skills else None

    def need_name(self, code: str) -> str:
        """Return what a role or a skill is called in the current language."""
        role = self.roles.get(code)
        if role is None:
            return load_skills().name(code)
        return role.name if current_language() == "zh" else role.name_en


def load_compositions(path: Path | None = None) -> CompositionCatalog:
    """Return the compositions of a file (by default ``compositions.toml`` of the data folder), read once for a state.

    Raises
    ------
    SkillFileError
        If the file is missing, is no TOML, or lacks something.
    """
    path = path or read_settings().data_dir / "compositions.toml"
    try:
        return _parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise SkillFileError(path.name, str(error)) from error


@lru_cache(maxsize=4)
def _parse(content: str) -> CompositionCatalog:
    return TypeAdapter(CompositionCatalog).validate_python(tomllib.loads(content))
