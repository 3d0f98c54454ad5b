"""Moving everything from one store to another, and the proof that it arrived."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.actions import Action
from services.context import Context, Fingerprint, Transaction, Work
from services.errors import ServiceError
from services.i18n import text
from services.use_cases import use_case


class CopyRefusedError(ServiceError, ValueError):
    """The target holds something already; nothing was written."""

    def __init__(self, table: str, rows: int) -> None:
        super().__init__(
            text(
                "The target is not empty: its table {table} has {rows} rows. "
                "Copy into an empty store; nothing was written.",
                table=table,
                rows=rows,
            )
        )


class OtherKeyError(ServiceError, ValueError):
    """The target could not open what the source has sealed; nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            text(
                "The target has another key than the source; "
                "set GRIDMUSTER_KEY_FILE to the key of the source and try again."
            )
        )


class CopyError(ServiceError, RuntimeError):
    """What arrived is not what was sent; nothing was kept."""

    def __init__(self, table: str) -> None:
        super().__init__(
            text(
                "The table {table} did not arrive as it was; "
                "the copy was given up and the target is as empty as before.",
                table=table,
            )
        )


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What was copied: the fingerprint of every table, the same on both sides."""

    tables: Mapping[str, Fingerprint]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(fingerprint.rows for fingerprint in self.tables.values())


def copy_store(source: Context, target: Context) -> CopyResult:
    """Copy every table into an empty store, in one transaction on either side.

    The source is read in one state, though others go on writing. In the target the last row of the audit trail is
    that of the copy itself; all before it came over.

    Raises
    ------
    CopyRefusedError
        If the target is not empty.
    OtherKeyError
        If something is sealed in the source and the target has another key.
    CopyError
        If a table read back from the target is not equal to that of the source.
    """
    with source.look(Action.MAINTAIN) as old:
        is_sealed = old.sealed.mark() is not None
    if is_sealed and not target.storage().share_key(source.storage()):
        raise OtherKeyError
    with source.look(Action.MAINTAIN) as old:
        return _copy(target, old)


@use_case(Action.MAINTAIN, "copy")
def _copy(work: Work, old: Transaction) -> CopyResult:
    for table, rows in work.tx.whole.counts().items():
        if rows:
            raise CopyRefusedError(table, rows)
    copied = CopyResult({table: _copy_table(table, old, work.tx) for table in old.whole.names()})
    work.tx.whole.finish()
    work.note(tables=len(copied.tables), rows=copied.rows)
    return copied


def _copy_table(table: str, old: Transaction, new: Transaction) -> Fingerprint:
    for rows in old.whole.read(table):
        new.whole.write(table, rows)
    sent = old.whole.fingerprint(table)
    if new.whole.fingerprint(table) != sent:
        raise CopyError(table)
    return sent
