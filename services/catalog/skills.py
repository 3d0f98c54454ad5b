"""The catalogue of skills (特长, ``data/skills.toml``): their names, how sheets write them, which need a proof."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from services.errors import ServiceError
from services.i18n import Text, current_language, text
from services.settings import read_settings

_CODE: Final = re.compile(r"[a-z][a-z_]*")
_BLANKS: Final = re.compile(r"\s+")


class SkillGroup(StrEnum):
    """What skills are kept together."""

    CARE = "care"
    SAFETY = "safety"
    CRAFT = "craft"
    PEOPLE = "people"


SKILL_GROUP_NAMES: Final[Mapping[SkillGroup, Text]] = {
    SkillGroup.CARE: text("Health and care"),
    SkillGroup.SAFETY: text("Safety"),
    SkillGroup.CRAFT: text("Crafts"),
    SkillGroup.PEOPLE: text("Work with people"),
}


class SkillFileError(ServiceError, ValueError):
    """The catalogue of skills cannot be used."""

    def __init__(self, file_name: str, fault: str) -> None:
        super().__init__(text("The catalogue of skills {file} cannot be used: {fault}", file=file_name, fault=fault))


@dataclass(frozen=True, slots=True)
class Skill:
    """A section of the file."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    """In Chinese, as it stands in frames and files."""
    name_en: str
    synonyms: tuple[str, ...]
    group: SkillGroup
    needs_proof: bool
    """Whether it counts fully only once somebody has seen a proof."""


class SkillCatalog:
    """Every skill by its code, and the words by which it is known.

    A word that names no skill stands for itself wherever a code may: it is kept, and understood once the file has it.
    """

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self.skills: Final = dict(skills)

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {word: code for code, skill in self.skills.items() for word in _words(code, skill)}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.skills)}

    def find_code(self, word: str) -> str:
        """Return the code of the skill that a word names; the word itself where it names none."""
        return self._codes.get(_plain(word), word)

    def find_codes(self, words: str | None) -> tuple[str, ...]:
        """Return the codes of words joined by ``;``, each once, in the order of the file, other words behind them."""
        return self.sort(self.find_code(word) for word in (words or "").split(";") if word)

    def sort(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return codes each once, in the order of the file, other words behind them in theirs."""
        distinct = dict.fromkeys(codes)
        return tuple(sorted(distinct, key=lambda code: (self._places.get(code, len(self._places)), code)))

    def join(self, codes: Iterable[str]) -> str | None:
        """Return the names of skills as frames and files hold them, joined by ``;``; None without any."""
        own = self.sort(self.find_code(code) for code in codes)
        return ";".join(self.skills[code].name if code in self.skills else code for code in own) or None

    def name(self, code: str) -> str:
        """Return what a skill is called in the current language; a word that names none as it stands."""
        skill = self.skills.get(self.find_code(code))
        if skill is None:
            return code
        return skill.name if current_language() == "zh" else skill.name_en

    def needs_proof(self, code: str) -> bool:
        """Return whether a skill counts fully only once a proof was seen."""
        skill = self.skills.get(code)
        return skill is not None and skill.needs_proof


def load_skills(path: Path | None = None) -> SkillCatalog:
    """Return the catalogue of a file (by default ``skills.toml`` of the data folder), read once for a state of it.

    Raises
    ------
    SkillFileError
        If the file is missing, is no TOML, lacks something, or one word names two skills.
    """
    path = path or read_settings().data_dir / "skills.toml"
    try:
        return _parse(path.name, path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SkillFileError(path.name, str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise SkillFileError(path.name, str(error)) from error


@lru_cache(maxsize=4)
def _parse(file_name: str, content: str) -> SkillCatalog:
    try:
        skills = TypeAdapter(dict[str, Skill]).validate_python(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise SkillFileError(file_name, str(error)) from error
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise SkillFileError(file_name, "; ".join(faults)) from error
    bad = [code for code in skills if not _CODE.fullmatch(code)]
    uses = Counter(word for code, skill in skills.items() for word in set(_words(code, skill)))
    if fault := "、".join([*bad, *(word for word, count in uses.items() if count > 1)]):
        raise SkillFileError(file_name, fault)
    return SkillCatalog(skills)


def _words(code: str, skill: Skill) -> Iterator[str]:
    yield from map(_plain, (code, skill.name, skill.name_en, *skill.synonyms))


def _plain(word: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", word)).casefold()
