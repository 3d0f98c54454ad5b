"""Tables of packages (承包), beside those of ``services.store.roster_tables``.

Times are local times of the district, ISO 8601 to the minute, hours of a day ``08:00``.
"""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, false

from services.store.tables import metadata, number_column, text_columns

packages: Final = Table(
    "packages",
    metadata,
    number_column(),
    Column("unit_code", Text, nullable=False, index=True),
    Column("community_code", Text, nullable=False, index=True),
    *text_columns("name", "start", "end", "state"),
    Column("people_promised", Integer),
    Column("is_answered_for", Boolean, nullable=False, server_default=false()),
    Column("answered_by", Text),
    *text_columns("created_at", "created_by", "changed_at", "changed_by"),
    Column("event_id", Text, nullable=False, unique=True),
    sqlite_autoincrement=True,
)
"""Posts and hours offered to a unit; ``is_answered_for``: somebody else entered the answer of the unit."""

package_posts: Final = Table(
    "package_posts",
    metadata,
    Column("package_id", ForeignKey("packages.id"), primary_key=True),
    Column("post_code", Text, primary_key=True),
    Column("from_time", Text, primary_key=True),
    Column("to_time", Text, nullable=False),
    Column("weekdays", Integer, nullable=False),
)
"""Which posts, in which hours, on which days of the week (bits, that of Monday the lowest)."""

package_batches: Final = Table(
    "package_batches",
    metadata,
    Column("package_id", ForeignKey("packages.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *text_columns("start", "end"),
    Column("people", Integer, nullable=False),
)
"""Parts of the time of a package end to end, and how many people are meant to come in each."""

batch_members: Final = Table(
    "batch_members",
    metadata,
    Column("package_id", ForeignKey("packages.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("member_code", Text, primary_key=True, index=True),
)
"""Who was named for a batch."""

package_releases: Final = Table(
    "package_releases",
    metadata,
    Column("package_id", ForeignKey("packages.id"), primary_key=True),
    Column("post_code", Text, primary_key=True),
    Column("start", Text, primary_key=True),
    Column("end", Text, primary_key=True),
    *text_columns("at", "actor"),
)
"""Shifts that a unit has given back: those that begin in a time, at a post, or at all of them where it is empty."""
