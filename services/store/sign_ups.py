"""Chains (接龙) read into rosters, and nicknames: plain rows; words are sealed or hashed before they come here.

What the rows mean is decided by ``services.rostering``; here they are only kept.
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from services.store import roster_tables as tables
from services.store.rows import Row, add_row, all_rows, first_row, in_parts, insert_into

_SIGN_UPS: Final = tables.sign_ups.c
_ENTRIES: Final = tables.sign_up_entries.c
_ALIASES: Final = tables.aliases.c


class SignUps:
    """Sign-ups, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_sign_up(self, entry_rows: Sequence[Row], **values: object) -> int:
        """Write a chain with its entries and return its number; texts of the same chain before it are forgotten."""
        same = [
            column == values[column.name]
            for column in (_SIGN_UPS.roster_id, _SIGN_UPS.community_code, _SIGN_UPS.chain_hash)
        ]
        self._connection.execute(update(tables.sign_ups).where(*same).values(text=None))
        number = add_row(self._connection, tables.sign_ups, **values)
        if entry_rows:
            rows = [{**entry, "sign_up_id": number} for entry in entry_rows]
            self._connection.execute(insert(tables.sign_up_entries), rows)
        return number

    def read_entries(self, roster_id: int, community_code: str, chain_hash: str) -> list[Row]:
        """Return the entries of every paste of a chain that is not undone, in their order."""
        sign_ups, entries = tables.sign_ups, tables.sign_up_entries
        wanted = select(entries).join(sign_ups, _SIGN_UPS.id == _ENTRIES.sign_up_id)
        wanted = wanted.where(
            _SIGN_UPS.roster_id == roster_id,
            _SIGN_UPS.community_code == community_code,
            _SIGN_UPS.chain_hash == chain_hash,
            _SIGN_UPS.undone.is_(False),
        )
        return all_rows(self._connection, wanted.order_by(_ENTRIES.sign_up_id, _ENTRIES.place))

    def read_unsettled(self, roster_id: int, community_code: str) -> Row | None:
        """Return the last chain of which something is in doubt and whose text is there, or None."""
        wanted = select(tables.sign_ups).where(
            _SIGN_UPS.roster_id == roster_id,
            _SIGN_UPS.community_code == community_code,
            _SIGN_UPS.text.is_not(None),
        )
        return first_row(self._connection, wanted.order_by(_SIGN_UPS.id.desc()).limit(1))

    def set_undone(self, roster_id: int, step: int, *, undone: bool) -> None:
        """Note of the last chain that made a step of this number whether that step is undone."""
        last = select(func.max(_SIGN_UPS.id)).where(_SIGN_UPS.roster_id == roster_id, _SIGN_UPS.step == step)
        changed = update(tables.sign_ups).where(_SIGN_UPS.id == last.scalar_subquery())
        self._connection.execute(changed.values(undone=undone))

    # Texts

    def read_texts(self) -> list[tuple[int, str]]:
        """Return the numbers and sealed texts of all chains that still have one."""
        wanted = select(_SIGN_UPS.id, _SIGN_UPS.text).where(_SIGN_UPS.text.is_not(None))
        return [(int(number), str(sealed)) for number, sealed in self._connection.execute(wanted)]

    def forget_texts(self, sign_up_ids: Collection[int]) -> None:
        """Delete the texts of some chains."""
        if sign_up_ids:
            here = update(tables.sign_ups).where(_SIGN_UPS.id.in_(sorted(sign_up_ids)))
            self._connection.execute(here.values(text=None))

    def forget_texts_of(self, roster_id: int) -> None:
        """Delete the texts of the chains of a roster."""
        self._connection.execute(update(tables.sign_ups).where(_SIGN_UPS.roster_id == roster_id).values(text=None))

    def forget_texts_before(self, at: str) -> int:
        """Delete the texts of chains that were read before an instant; return how many had one."""
        old = update(tables.sign_ups).where(_SIGN_UPS.at < at, _SIGN_UPS.text.is_not(None))
        return self._connection.execute(old.values(text=None)).rowcount

    # People

    def read_aliases(self, community_code: str) -> dict[str, str]:
        """Return who it was under each nickname used in a community: the code by the hash."""
        wanted = select(_ALIASES.alias_hash, _ALIASES.member_code).where(_ALIASES.community_code == community_code)
        return {str(alias): str(code) for alias, code in self._connection.execute(wanted)}

    def put_aliases(self, rows: Sequence[Row]) -> None:
        """Write nicknames; one that is there stands for whom it was chosen last."""
        if not rows:
            return
        statement = insert_into(self._connection, tables.aliases)
        changed = {name: statement.excluded[name] for name in ("member_code", "at")}
        keys = ["alias_hash", "community_code"]
        self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))

    def read_of_member(self, member_code: str) -> dict[str, list[Row]]:
        """Return what chains hold of a member: ``sign_ups nicknames``; what they wrote is not kept."""
        sign_ups, entries = tables.sign_ups, tables.sign_up_entries
        wanted = select(_SIGN_UPS.roster_id, _SIGN_UPS.at, _ENTRIES.state, _ENTRIES.how)
        wanted = wanted.select_from(entries.join(sign_ups, _SIGN_UPS.id == _ENTRIES.sign_up_id))
        aliases = select(_ALIASES.community_code, _ALIASES.at).where(_ALIASES.member_code == member_code)
        return {
            "sign_ups": all_rows(
                self._connection, wanted.where(_ENTRIES.member_code == member_code).order_by(_SIGN_UPS.id)
            ),
            "nicknames": all_rows(self._connection, aliases.order_by(_ALIASES.community_code, _ALIASES.at)),
        }

    def forget_members(self, member_codes: Collection[str]) -> None:
        """Take some members out of every chain, and forget their nicknames."""
        for part in in_parts(member_codes):
            for table in (tables.sign_up_entries, tables.aliases):
                self._connection.execute(delete(table).where(table.c.member_code.in_(part)))
