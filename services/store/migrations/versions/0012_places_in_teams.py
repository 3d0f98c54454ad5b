"""Who is in a team fills a place in it: a post is where one stands."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.alter_column("team_members", "post", new_column_name="place")


def downgrade() -> None:
    op.alter_column("team_members", "place", new_column_name="post")
