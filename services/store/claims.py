"""Responsibility areas: plain rows; what they mean is decided by ``services.claims``."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, delete, select, update

from services.store.rows import Row, add_row, all_rows, first_row, in_parts
from services.store.tables import claims

_CLAIMS: Final = claims.c


class Claims:
    """Claims, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_claim(self, **values: object) -> int:
        """Write a claim and return its number."""
        return add_row(self._connection, claims, **values)

    def read_claim(self, claim_id: int) -> Row | None:
        """Return a claim, live or not, or None."""
        return first_row(self._connection, select(claims).where(_CLAIMS.id == claim_id))

    def read_live(self, **where: str) -> list[Row]:
        """Return the live claims whose columns have some values, all of them without any, in the order of numbers."""
        wanted = select(claims).where(_CLAIMS.until.is_(None), *(_CLAIMS[name] == where[name] for name in where))
        return all_rows(self._connection, wanted.order_by(_CLAIMS.id))

    def read_of_member(self, member_code: str) -> dict[str, list[Row]]:
        """Return the ``claims`` of a member, live or not."""
        own = select(claims).where(_CLAIMS.member_code == member_code).order_by(_CLAIMS.id)
        return {"claims": all_rows(self._connection, own)}

    def end_claim(self, claim_id: int, **values: object) -> None:
        """Write how a claim ended."""
        self._connection.execute(update(claims).where(_CLAIMS.id == claim_id).values(**values))

    def forget_members(self, member_codes: Collection[str]) -> int:
        """Delete the claims of some members, so that their buildings are free; return how many there were."""
        return sum(
            self._connection.execute(delete(claims).where(_CLAIMS.member_code.in_(part))).rowcount
            for part in in_parts(member_codes)
        )

    def forget_ended(self, before: str) -> int:
        """Delete claims that ended before a day; return how many there were."""
        return self._connection.execute(delete(claims).where(_CLAIMS.until < before)).rowcount
