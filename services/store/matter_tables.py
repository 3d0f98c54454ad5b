"""Tables of matters (事项): kinds that offices declared, matters, and what was done to each.

Times are local times of the district, ISO 8601. An area is written as ``services.rules.areas`` reads it.
"""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, column

from services.store.tables import metadata, number_column, text_columns

kinds: Final = Table(
    "kinds",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *text_columns("body", "area", "declared_at", "declared_by"),
)
"""Kinds declared by an office, for an area and all below it; those of ``data/matters.toml`` need no row."""

matters: Final = Table(
    "matters",
    metadata,
    number_column(),
    Column("event_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("kind_version", Integer, nullable=False),
    *text_columns("subject", "asker", "owner", "title", "body", "fields", "period", "cause", "state", "urgency"),
    *text_columns("asked_at", "asked_by"),
    Column("respond_by", Text),
    Column("due", Text, nullable=False),
    *(Column(name, Text) for name in ("taken_at", "answered_at", "closed_at")),
    Column("satisfied", Boolean),
    Column("about", ForeignKey("matters.id")),
    Column("revision", Integer, nullable=False),
    Index(
        "ix_matters_sheet",
        "kind",
        "subject",
        "period",
        unique=True,
        sqlite_where=column("period") != "",
        postgresql_where=column("period") != "",
    ),
    Index("ix_matters_owner", "owner", "state"),
    Index("ix_matters_asker", "asker", "state"),
    Index("ix_matters_period", "kind", "period"),
    sqlite_autoincrement=True,
)
"""A asks B about a subject until ``due``; with a ``period`` it is a sheet, one a zone and period; ``fields``: JSON"""

matter_events: Final = Table(
    "matter_events",
    metadata,
    number_column(),
    Column("matter_id", ForeignKey("matters.id"), nullable=False, index=True),
    *text_columns("at", "actor", "area", "what", "side", "detail"),
)
"""The history of every matter; ``detail`` is JSON. What a matter's state is follows from it."""
