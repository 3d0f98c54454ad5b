"""There are responsibility areas: buildings that a member, a team or a unit takes care of."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_HOLDER = (
    "CASE WHEN member_code IS NULL THEN 0 ELSE 1 END + CASE WHEN team_code IS NULL THEN 0 ELSE 1 END + "
    "CASE WHEN unit_code IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("estate_code", sa.Text, index=True),
        sa.Column("grid_code", sa.Text, nullable=False, index=True),
        sa.Column("blocks", sa.Text, nullable=False),
        sa.Column("households", sa.Integer, nullable=False),
        sa.Column("member_code", sa.Text, index=True),
        *(sa.Column(name, sa.Text) for name in ("team_code", "unit_code")),
        sa.Column("shared", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "since")),
        sa.Column("until", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("changed_at", "changed_by")),
        sa.CheckConstraint(_HOLDER, name="ck_claims_holder"),
    )


def downgrade() -> None:
    op.drop_table("claims")
