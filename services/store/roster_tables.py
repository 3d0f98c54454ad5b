"""Tables of rosters, beside those of ``services.store.tables``.

Times are local times of the district, ISO 8601 to the minute, so that texts sort as instants do.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    and_,
    column,
    false,
)

from services.store.tables import metadata, number_column, text_columns

_LIVE: Final = and_(
    column("state").in_(["proposed", "asked", "confirmed", "reserve", "done"]), column("member_code").is_not(None)
)

rosters: Final = Table(
    "rosters",
    metadata,
    number_column(),
    *text_columns("name", "area", "start", "end", "state", "mode", "settings"),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("published_at", Text),
    Column("published_by", Text),
    *text_columns("created_at", "created_by", "changed_at", "changed_by"),
    Column("event_id", Text, nullable=False, unique=True),
)
"""An area and a period with its shifts and duties; ``position`` and ``revision`` as in ``plans``."""

roster_steps: Final = Table(
    "roster_steps",
    metadata,
    Column("roster_id", ForeignKey("rosters.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *text_columns("kind", "removed", "added", "at", "actor"),
)
"""What was done to the duties of a roster, in order: the rows it took out and those it put in."""

roster_events: Final = Table(
    "roster_events",
    metadata,
    Column("roster_id", ForeignKey("rosters.id"), primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("at", Text, nullable=False),
)
"""What clients have sent already, so that nothing sent twice is done twice."""

shifts: Final = Table(
    "shifts",
    metadata,
    number_column(),
    Column("roster_id", ForeignKey("rosters.id"), nullable=False),
    *text_columns("post_code", "start", "end"),
    Column("seats", Integer, nullable=False),
    Column("needed", Float),
    Index("ux_shifts", "roster_id", "post_code", "start", "end", unique=True),
    Index("ix_shifts_start", "start"),
)
"""A post for one stretch of time; ``needed`` is what its seats stand for before they were whole people."""

shift_needs: Final = Table(
    "shift_needs",
    metadata,
    Column("shift_id", ForeignKey("shifts.id"), primary_key=True),
    Column("role_or_skill", Text, primary_key=True),
    Column("heads", Integer, nullable=False),
    CheckConstraint("heads >= 1", name="ck_shift_needs_heads"),
)
"""What people a shift asks for; all heads together are no more than its seats."""

duties: Final = Table(
    "duties",
    metadata,
    number_column(),
    Column("shift_id", ForeignKey("shifts.id"), nullable=False, index=True),
    Column("member_code", Text, index=True),
    Column("team_code", Text),
    Column("unit_code", Text),
    Column("heads", Integer, nullable=False),
    *text_columns("state", "source"),
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("pinned", Boolean, nullable=False, server_default=false()),
    Column("replaces", Integer),
    Column("order_id", Integer),
    Column("reason", Text, nullable=False, server_default=""),
    *text_columns("changed_at", "changed_by"),
    Index("ux_duties_live", "shift_id", "member_code", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    sqlite_autoincrement=True,
)
"""Somebody in a shift; ``reason``: why a rule was set aside. Nobody stands twice in one shift, and no number comes
again: steps that were undone hold rows by theirs."""

free_times: Final = Table(
    "free_times",
    metadata,
    number_column(),
    Column("member_code", Text, nullable=False, index=True),
    Column("weekday", Integer, nullable=False),
    *text_columns("from_time", "to_time", "answer", "since"),
    Column("until", Text),
    Column("source", Text, nullable=False),
)
"""When a member can come, or cannot, week by week; why is nowhere."""

absences: Final = Table(
    "absences",
    metadata,
    number_column(),
    Column("member_code", Text, nullable=False, index=True),
    *text_columns("start", "end", "changed_by"),
)
"""When a member is away. No reason is kept: it may be about health."""

sign_ups: Final = Table(
    "sign_ups",
    metadata,
    number_column(),
    Column("roster_id", ForeignKey("rosters.id"), nullable=False, index=True),
    *text_columns("community_code", "chain_hash", "posted", "at", "actor"),
    Column("text", Text),
    *(Column(name, Integer, nullable=False) for name in ("entries", "placed", "doubts")),
    Column("step", Integer),
    Column("undone", Boolean, nullable=False, server_default=false()),
)
"""A chain (接龙) that was read into a roster: ``text`` is sealed and there while something of it is in doubt, for 30
days at most; ``step``: the step of the roster that it made, none where it changed no duty."""

sign_up_entries: Final = Table(
    "sign_up_entries",
    metadata,
    Column("sign_up_id", ForeignKey("sign_ups.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    *text_columns("entry_hash", "name_hash"),
    Column("member_code", Text, index=True),
    *text_columns("shift_ids", "state", "how"),
)
"""What became of an entry, by its place in the chain from 0; of its words and its name only keyed hashes are there."""

aliases: Final = Table(
    "aliases",
    metadata,
    Column("alias_hash", Text, primary_key=True),
    Column("community_code", Text, primary_key=True),
    Column("member_code", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
)
"""Who it was that signed up under a nickname, of which there is a keyed hash alone."""
