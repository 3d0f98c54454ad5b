"""Where bringing on begins: a new store has its tables from ``services.store.tables`` at once, and none is older.

Nothing was released before: what an earlier program made is brought here by the last program that knows it.
"""

revision = "0011"
down_revision = None


def upgrade() -> None:
    """Nothing."""
