"""What other roles of a database may do with tables, sequences and views that are put in the place of others."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

_RIGHTS: Final = """
WITH own AS (
    SELECT c.oid, c.relkind, c.relowner, c.relacl, format('%%I.%%I', nspname, relname) AS place,
        quote_ident(pg_get_userbyid(relowner)) AS owner
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE nspname = %s AND (
        relkind IN ('r', 'v') AND relname = ANY(%s)
        OR relkind = 'S' AND EXISTS (
            SELECT 1 FROM pg_depend AS d JOIN pg_class AS t ON t.oid = d.refobjid
            WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND t.relname = ANY(%s)
        )
    )
), given AS (
    SELECT own.*, acl.*, NULL::text AS part FROM own, aclexplode(relacl) AS acl
    UNION ALL
    SELECT own.*, acl.*, attname::text FROM own
    JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped, aclexplode(attacl) AS acl
)
SELECT place, relkind::text, owner, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
    privilege_type, is_grantable, quote_ident(part) FROM given WHERE grantee <> relowner
UNION ALL SELECT place, relkind::text, owner, NULL, NULL, NULL, NULL FROM own
ORDER BY 1, 4, 5
"""
_KINDS: Final = {"r": "TABLE", "v": "TABLE", "S": "SEQUENCE"}


def read_rights(connection: Connection, schema: str, names: Collection[str]) -> list[str]:
    """Return the statements that give tables or views their owner and the rights that others have on them.

    They hold for those of the same name that are put in their place, and for the sequences of tables; what is not
    there by then is passed over.
    """
    own = connection.exec_driver_sql("SELECT quote_ident(current_user)").scalar()
    rows = connection.exec_driver_sql(_RIGHTS, (schema, list(names), list(names))).all()
    grants = [
        f"GRANT {right}{f' ({column})' if column else ''} ON {_KINDS[kind]} {place} TO {grantee}"
        f"{' WITH GRANT OPTION' if grantable else ''}"
        for place, kind, _, grantee, right, grantable, column in rows
        if grantee is not None
    ]
    owners = {(place, kind, owner) for place, kind, owner, *_ in rows if owner != own and kind != "S"}
    words = {"r": "TABLE", "v": "VIEW"}
    return [*grants, *(f"ALTER {words[kind]} {place} OWNER TO {owner}" for place, kind, owner in sorted(owners))]


def give_rights(connection: Connection, statements: Sequence[str]) -> int:
    """Run the statements of ``read_rights`` and return how many could not be: a role that is gone, say."""
    failed = 0
    for statement in statements:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(statement)
        except DatabaseError:
            failed += 1
    return failed
