"""What people a shift asks for: rows; what they mean is decided by ``services.rostering``."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from services.store.roster_tables import shift_needs
from services.store.rows import number_parts

_NEEDS: Final = shift_needs.c


class ShiftNeeds:
    """Needs of shifts, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, shift_ids: Collection[int]) -> dict[int, dict[str, int]]:
        """Return the heads by role or skill of some shifts; those that ask for nobody in particular are left out."""
        needs: dict[int, dict[str, int]] = defaultdict(dict)
        for part in number_parts(shift_ids):
            wanted = select(shift_needs).where(_NEEDS.shift_id.in_(part)).order_by(_NEEDS.role_or_skill)
            for row in self._connection.execute(wanted):
                needs[row.shift_id][row.role_or_skill] = row.heads
        return dict(needs)

    def replace(self, shift_ids: Collection[int], needs: Mapping[str, int]) -> None:
        """Write what some shifts ask for in place of what they asked for before."""
        for part in number_parts(shift_ids):
            self._connection.execute(delete(shift_needs).where(_NEEDS.shift_id.in_(part)))
            rows = [
                {"shift_id": shift, "role_or_skill": code, "heads": needs[code]} for shift in part for code in needs
            ]
            if rows:
                self._connection.execute(insert(shift_needs), rows)
