"""Skills of members: rows of a table of their own, which frames of members offer joined in the column ``skills``."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from geo.schema import Layer
from services.catalog.layers import LAYERS
from services.catalog.skills import load_skills
from services.store.rows import Row, all_rows, in_parts
from services.store.tables import member_skills

COLUMN: Final = "skills"
_SKILLS: Final = member_skills.c
_STATED: Final[Row] = {"level": "stated", "valid_until": None}


class MemberSkills:
    """Skills of members, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, member_codes: Collection[str] | None = None) -> dict[str, list[Row]]:
        """Return ``skill level valid_until`` of some members or of all, by member; those without any are left out.

        Skills come by their codes in the order of the catalogue. A word that it has learned since is that skill.
        """
        wanted = select(member_skills).order_by(_SKILLS.member_code, _SKILLS.level.desc(), _SKILLS.skill)
        parts = [wanted]
        if member_codes is not None:
            parts = [wanted.where(_SKILLS.member_code.in_(part)) for part in in_parts(member_codes)]
        catalog, by_member = load_skills(), defaultdict[str, dict[str, Row]](dict)
        for row in (row for part in parts for row in all_rows(self._connection, part)):
            code = catalog.find_code(row["skill"])
            by_member[row["member_code"]][code] = {"skill": code, **{name: row[name] for name in _STATED}}
        return {member: [own[code] for code in catalog.sort(own)] for member, own in by_member.items()}

    def read_words(self, member_codes: Collection[str] | None = None) -> dict[str, str]:
        """Return the names of the skills of some members or of all, joined by ``;``, by member."""
        catalog = load_skills()
        return {
            code: catalog.join(row["skill"] for row in rows) or "" for code, rows in self.read(member_codes).items()
        }

    def read_of_member(self, member_code: str) -> dict[str, list[Row]]:
        """Return the ``skills`` of a member."""
        return {COLUMN: self.read([member_code]).get(member_code, [])}

    def state(self, words_by_member: Mapping[str, Any]) -> None:
        """Write what members state (names joined by ``;``, null for none) in place of what they stated before.

        A skill that they state again stays as it was checked.
        """
        catalog, before = load_skills(), self.read(words_by_member.keys())
        rows = {}
        for member, words in words_by_member.items():
            known = {row["skill"]: row for row in before.get(member, ())}
            codes = catalog.find_codes(None if pd.isna(words) else str(words))
            rows[member] = [{**_STATED, **known.get(code, {}), "skill": code} for code in codes]
        self.replace(rows)

    def replace(self, rows_by_member: Mapping[str, Sequence[Row]]) -> None:
        """Write rows as ``read`` gives them in place of those that members had."""
        self.forget_members(rows_by_member.keys())
        rows = [{"member_code": member, **row} for member, own in rows_by_member.items() for row in own]
        if rows:
            self._connection.execute(insert(member_skills), rows)

    def forget_members(self, member_codes: Collection[str]) -> int:
        """Delete the skills of some members; return how many there were."""
        return sum(
            self._connection.execute(delete(member_skills).where(_SKILLS.member_code.in_(part))).rowcount
            for part in in_parts(member_codes)
        )

    def put_into(self, frame: pd.DataFrame) -> None:
        """Add the column to a frame of members that was just read, where the catalogue has it."""
        words = self.read_words()
        before = [field.name for field in LAYERS[Layer.MEMBERS].fields]
        own = before[: before.index(COLUMN)]
        place = sum(name in own for name in frame.columns)
        frame.insert(place, COLUMN, pd.Series(words, dtype="str").reindex(frame.index))
