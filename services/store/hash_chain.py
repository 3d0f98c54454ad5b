"""The audit trail as a chain: what the digest of a row covers, and what a check finds. Pure.

Every digest is made with a key that is kept outside the store, over the row and the digest of the row before. Whoever
can write to the store but has no key can spoil rows, but cannot make one that the check takes for genuine.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

Mac = Callable[[str], str]
"""Returns the keyed digest of a text, in hexadecimal."""


class FaultKind(StrEnum):
    """What somebody has done to the trail."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    """Written by something that has no key."""
    DISPLACED = "displaced"
    """A genuine row that does not follow on the row before it."""
    ANCHOR = "anchor"
    """The note of which row is the newest is missing or is none of ours."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Rows ``first`` to ``last`` (their numbers, both included) with the same fault."""

    kind: FaultKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row of the audit trail as it is stored."""

    id: int
    at: str
    actor: str
    action: str
    object: str
    detail: str
    previous: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Which row is the newest, and how many there are."""

    id: int
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a check of the whole trail found."""

    rows: int
    newest: int
    """Number of the newest genuine row, 0 where there is none."""
    faults: tuple[ChainFault, ...]


NOTHING_YET = Anchor(0, 0, "")
"""Before the first row."""


def digest_of(row: AuditRow, mac: Mac) -> str:
    """Return the digest that a row must have."""
    covered = [row.previous, row.id, row.at, row.actor, row.action, row.object, row.detail]
    return mac(json.dumps(covered, ensure_ascii=False, separators=(",", ":")))


def write_anchor(anchor: Anchor, mac: Mac) -> str:
    """Return an anchor as it is stored."""
    said = f"{anchor.id} {anchor.rows} {anchor.digest}"
    return f"{said} {mac(said)}"


def read_anchor(stored_data: str | None, mac: Mac) -> Anchor | None:
    """Return a stored anchor; before the first row it is ``NOTHING_YET``, and None when it is none of ours."""
    if stored_data is None:
        return NOTHING_YET
    said, _, seal = stored_data.rpartition(" ")
    if not said or mac(said) != seal:
        return None
    number, rows, digest = said.split(" ")
    return Anchor(int(number), int(rows), digest)


def examine(rows: Iterable[AuditRow], anchor: Anchor | None, mac: Mac) -> ChainCheck:
    """Return what is wrong with a trail, in the order of its rows.

    Parameters
    ----------
    rows
        All rows, in the order of their numbers.
    anchor
        What the store says the newest row is.
    mac
        With the key of the store.
    """
    count, last, faults = 0, AuditRow(0, "", "", "", "", "", ""), list[ChainFault]()
    doubtful: list[int] = []
    for row in rows:
        count += 1
        if row.digest != digest_of(row, mac):
            doubtful.append(row.id)
            continue
        faults += _between(last, doubtful, row.id, follows=row.previous == last.digest)
        last, doubtful = row, []
    faults += _at_the_end(last, doubtful, anchor)
    return ChainCheck(count, last.id, tuple(faults))


def _between(last: AuditRow, doubtful: list[int], next_id: int, *, follows: bool) -> Iterator[ChainFault]:
    """Yield what happened between two genuine rows: nothing, or rows were put in, changed or taken out."""
    if follows:
        yield from _ranges(FaultKind.INSERTED, doubtful)
        return
    missing = _missing(last.id, doubtful, next_id)
    yield from _ranges(FaultKind.CHANGED, doubtful)
    yield from missing
    if not doubtful and not missing:
        yield ChainFault(FaultKind.DISPLACED, next_id, next_id)


def _at_the_end(last: AuditRow, doubtful: list[int], anchor: Anchor | None) -> Iterator[ChainFault]:
    """Yield what happened after the last genuine row, by what the store says the newest one is."""
    if anchor is None or anchor.id < last.id or (anchor.id == last.id and anchor.digest != last.digest):
        yield from _ranges(FaultKind.CHANGED, doubtful)
        yield ChainFault(FaultKind.ANCHOR, last.id, last.id)
        return
    within = [number for number in doubtful if number <= anchor.id]
    yield from _ranges(FaultKind.CHANGED if anchor.id > last.id else FaultKind.INSERTED, within)
    yield from _missing(last.id, within, anchor.id + 1)
    yield from _ranges(FaultKind.INSERTED, [number for number in doubtful if number > anchor.id])


def _missing(after: int, there: list[int], before: int) -> list[ChainFault]:
    """Return the numbers that are missing between two rows as runs; the program leaves none out."""
    faults, start = list[ChainFault](), after + 1
    for number in [*there, before]:
        if start < number:
            faults.append(ChainFault(FaultKind.REMOVED, start, number - 1))
        start = max(start, number + 1)
    return faults


def _ranges(kind: FaultKind, numbers: list[int]) -> Iterator[ChainFault]:
    """Yield runs of numbers that follow each other."""
    start = 0
    for k, number in enumerate(numbers):
        if k + 1 == len(numbers) or numbers[k + 1] != number + 1:
            yield ChainFault(kind, numbers[start], number)
            start = k + 1
