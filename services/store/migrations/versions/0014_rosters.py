"""Posts are a layer, and there are rosters: shifts, duties, and when people are free."""

import sqlalchemy as sa
from alembic import op

from services.store.geopackage import Geometry, register_table, unregister_table

revision = "0014"
down_revision = "0013"

_LIVE = sa.and_(
    sa.column("state").in_(["proposed", "asked", "confirmed", "reserve", "done"]),
    sa.column("member_code").is_not(None),
)
_TABLES = ("rosters", "roster_steps", "roster_events", "shifts", "duties", "free_times", "absences")


def upgrade() -> None:
    op.create_table(
        "posts",
        _number("fid"),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, index=True) for name in ("community_code", "grid_code", "estate_code")),
        *(sa.Column(name, sa.Text) for name in ("kind", "place")),
        *(sa.Column(name, sa.Boolean) for name in ("vanguard", "active")),
        sa.Column("batch_id", sa.Integer, index=True),
        sa.Column("geom", Geometry("POINT")),
    )
    register_table(op.get_bind(), "posts", "geom", "POINT")
    op.create_table(
        "rosters",
        _number(),
        *_texts("name", "area", "start", "end", "state", "mode", "settings"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("position", "revision")),
        *(sa.Column(name, sa.Text) for name in ("published_at", "published_by")),
        *_texts("created_at", "created_by", "changed_at", "changed_by"),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "roster_steps",
        sa.Column("roster_id", sa.Integer, sa.ForeignKey("rosters.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("kind", "removed", "added", "at", "actor"),
    )
    op.create_table(
        "roster_events",
        sa.Column("roster_id", sa.Integer, sa.ForeignKey("rosters.id"), primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        *_texts("at"),
    )
    op.create_table(
        "shifts",
        _number(),
        sa.Column("roster_id", sa.Integer, sa.ForeignKey("rosters.id"), nullable=False),
        *_texts("post_code", "start", "end"),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("needed", sa.Float),
        sa.Index("ux_shifts", "roster_id", "post_code", "start", "end", unique=True),
        sa.Index("ix_shifts_start", "start"),
    )
    op.create_table(
        "duties",
        _number(),
        sa.Column("shift_id", sa.Integer, sa.ForeignKey("shifts.id"), nullable=False, index=True),
        sa.Column("member_code", sa.Text, index=True),
        *(sa.Column(name, sa.Text) for name in ("team_code", "unit_code")),
        sa.Column("heads", sa.Integer, nullable=False),
        *_texts("state", "source"),
        sa.Column("rank", sa.Integer, nullable=False, server_default="0"),
        sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()),
        *(sa.Column(name, sa.Integer) for name in ("replaces", "order_id")),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        *_texts("changed_at", "changed_by"),
        sa.Index("ux_duties_live", "shift_id", "member_code", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "free_times",
        _number(),
        sa.Column("member_code", sa.Text, nullable=False, index=True),
        sa.Column("weekday", sa.Integer, nullable=False),
        *_texts("from_time", "to_time", "answer", "since"),
        sa.Column("until", sa.Text),
        *_texts("source"),
    )
    op.create_table(
        "absences",
        _number(),
        sa.Column("member_code", sa.Text, nullable=False, index=True),
        *_texts("start", "end", "changed_by"),
    )


def downgrade() -> None:
    for table in (*reversed(_TABLES), "posts"):
        op.drop_table(table)
    unregister_table(op.get_bind(), "posts")


def _number(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
