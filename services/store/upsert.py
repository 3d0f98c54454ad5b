"""Ways of inserting that both databases understand."""

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say what happens to rows that are there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def add_row(connection: Connection, table: Table, **values: object) -> int:
    """Insert a row and return the number that its key (one column) was given."""
    statement = insert(table).values(**values).returning(*table.primary_key)
    return int(connection.execute(statement).scalar_one())
