"""Skills of members are rows of their own, stated or checked; rows that imports replaced keep theirs likewise."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.catalog.skills import load_skills

revision = "0019"
down_revision = "0018"

_MEMBERS = sa.table("members", sa.column("code"), sa.column("skills"))
_SKILLS = sa.table("member_skills", *(sa.column(name) for name in ("member_code", "skill", "level", "valid_until")))
_KEPT = sa.table("replaced_rows", *(sa.column(name) for name in ("id", "layer", "row")))


def upgrade() -> None:
    op.create_table(
        "member_skills",
        sa.Column("member_code", sa.Text, primary_key=True),
        sa.Column("skill", sa.Text, primary_key=True, index=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Text),
    )
    op.create_table(
        "shift_needs",
        sa.Column("shift_id", sa.Integer, sa.ForeignKey("shifts.id"), primary_key=True),
        sa.Column("role_or_skill", sa.Text, primary_key=True),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.CheckConstraint("heads >= 1", name="ck_shift_needs_heads"),
    )
    connection = op.get_bind()
    stated = connection.execute(sa.select(_MEMBERS).where(_MEMBERS.c.skills.is_not(None))).all()
    rows = [{"member_code": code, **row} for code, words in stated for row in _rows(words)]
    if rows:
        connection.execute(sa.insert(_SKILLS), rows)
    _convert_kept(_rows)
    op.drop_column("members", "skills")


def downgrade() -> None:
    op.drop_table("shift_needs")
    op.add_column("members", sa.Column("skills", sa.Text))
    connection = op.get_bind()
    codes: dict[str, list[str]] = {}
    for member, skill in connection.execute(sa.select(_SKILLS.c.member_code, _SKILLS.c.skill)):
        codes.setdefault(member, []).append(skill)
    for member, own in codes.items():
        words = {"skills": load_skills().join(own)}
        connection.execute(sa.update(_MEMBERS).where(_MEMBERS.c.code == member).values(words))
    _convert_kept(lambda rows: load_skills().join(row["skill"] for row in rows))
    op.drop_table("member_skills")


def _rows(words: str | None) -> list[dict[str, str | None]]:
    codes = load_skills().find_codes(words)
    return [{"skill": code, "level": "stated", "valid_until": None} for code in codes]


def _convert_kept(convert: Callable[[Any], Sequence[Any] | str | None]) -> None:
    """Write the skills of rows that imports of members replaced in the other way."""
    connection = op.get_bind()
    kept = sa.select(_KEPT.c.id, _KEPT.c.row).where(_KEPT.c.layer == "members")
    for number, text in connection.execute(kept).all():
        row = json.loads(text)
        changed = json.dumps(row | {"skills": convert(row.get("skills") or "")}, ensure_ascii=False)
        connection.execute(sa.update(_KEPT).where(_KEPT.c.id == number).values(row=changed))
