"""Responsibility areas (责任区): which buildings somebody takes care of, and how many households those are.

Blocks are numbers of buildings, nothing finer; households are counts. Pure functions: what is live, and how many
households an estate has, is passed in.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Final

from services.errors import ServiceError
from services.i18n import text
from services.rules.address import chinese_number
from services.rules.free_text import check_no_person
from services.rules.privacy import LONGEST_REASON, is_reason

CLAIMS: Final = "claims"
"""The part of the versions of a store that changes with them."""
MOST_BLOCKS: Final = 60
"""Buildings that one claim names at most; a wider range is more likely a building and a room."""
_HAN: Final = "一二三四五六七八九"
_NUMBER: Final = rf"(?:\d{{1,3}}|[{_HAN}]?十[{_HAN}]?|[零〇{_HAN}]{{1,3}})"
_BUILDING: Final = "(?:号楼|[栋幢座])"
_DASH: Final = "[-‐‑–—−~至到]{1,2}"
_ITEM: Final = rf"第?({_NUMBER})({_BUILDING})?(?:{_DASH}第?({_NUMBER})({_BUILDING})?)?"
_SEPARATOR: Final = re.compile(r"[、,;/和及与]\s*|\s+")
_BLANKS: Final = re.compile(rf"\s+(?={_BUILDING}|{_DASH})|(?<=[-‐‑–—−~至到第])\s+")
_IN_ENGLISH: Final = re.compile(r"^(?:blocks?|buildings?)\s+([\d\s,;-]*\d)$", re.IGNORECASE)
_BARE_DIGITS: Final = 2
"""A number of more digits needs 栋 behind itself: it may be a room."""


class ClaimError(ServiceError, ValueError):
    """Base of what is refused of a claim."""


class BlocksError(ClaimError):
    """Words that say no buildings, or more than buildings; they are not repeated."""

    def __init__(self) -> None:
        super().__init__(
            text("Only down to the building, like “blocks 3-5”: no rooms, no names, no telephone numbers.")
        )


class BlocksHeldError(ClaimError):
    """Buildings that somebody else takes care of already."""

    def __init__(self, blocks: Collection[int]) -> None:
        super().__init__(
            text(
                "Blocks {blocks} are claimed already. Tick “Shared” if they are taken care of together.",
                blocks=block_ranges(blocks),
            )
        )


class HouseholdCountError(ClaimError):
    """A claim without a household."""

    def __init__(self) -> None:
        super().__init__(text("A claim has at least one household."))


class ManyHouseholdsError(ClaimError):
    """More households would be claimed than there are."""

    def __init__(self, total: int, limit: int) -> None:
        super().__init__(
            text(
                "There are {known} households here, {total} would be claimed. Correct the number of households.",
                total=total,
                known=limit,
            )
        )


class ClaimReasonError(ClaimError):
    """Somebody would take care of many households, and there is no reason."""

    def __init__(self, total: int, most: int) -> None:
        super().__init__(
            text(
                "One person would take care of {total} households, more than {most}: say why, or share them out.",
                total=total,
                most=most,
            )
        )


def read_blocks(words: str) -> tuple[int, ...]:
    """Return the numbers of the buildings that some words name, sorted.

    Ranges and lists, Chinese and full-width digits are read; the last number says 栋, 幢, 座 or 号楼, or ``blocks``
    stands before them.

    Raises
    ------
    BlocksError
        If they name no buildings, anything else, or more than ``MOST_BLOCKS``.

    Examples
    --------
    >>> read_blocks("3-5栋"), read_blocks("三至五栋、８栋"), read_blocks("3栋4栋")
    ((3, 4, 5), (3, 4, 5, 8), (3, 4))
    """
    plain = _BLANKS.sub("", _IN_ENGLISH.sub(r"\1栋", unicodedata.normalize("NFKC", words).strip()))
    parts = [_read_part(part) for part in _SEPARATOR.split(plain)]
    blocks = {number for part in parts for number in part}
    if not re.search(f"{_BUILDING}$", plain) or not all(parts) or len(blocks) > MOST_BLOCKS or 0 in blocks:
        raise BlocksError
    return tuple(sorted(blocks))


def _read_part(part: str) -> list[int]:
    """Return the buildings of one item of a list, none where it is anything else.

    Several stand together only where each says that it is one.
    """
    items = list(re.finditer(_ITEM, part))
    is_whole = "".join(item[0] for item in items) == part
    is_plain = len(items) == 1 or all(item[4] or (item[2] and not item[3]) for item in items)
    ranges = [_read_item(*item.groups(default="")) for item in items]
    return [number for numbers in ranges for number in numbers] if is_whole and is_plain and all(ranges) else []


def _read_item(first: str, first_building: str, last: str, last_building: str) -> Sequence[int]:
    """Return a number or a range of them; none where a part of it may be a room."""
    is_long = any(len(each) > _BARE_DIGITS and "十" not in each for each in (first, last))
    if (is_long or (first_building and last)) and not (last_building if last else first_building):
        return ()
    low, high = sorted((_number(first), _number(last or first)))
    return range(low, high + 1) if high - low < MOST_BLOCKS else ()


def _number(numeral: str) -> int:
    return int(numeral) if numeral.isdecimal() else int(chinese_number(numeral))


def block_ranges(blocks: Collection[int]) -> str:
    """Return numbers of buildings, those on end as ranges.

    Examples
    --------
    >>> block_ranges([3, 4, 5, 8])
    '3-5、8'
    """
    numbers = sorted(set(blocks))
    starts = [*numbers[:1], *(high for low, high in pairwise(numbers) if high - low > 1)]
    ends = [*(low for low, high in pairwise(numbers) if high - low > 1), *numbers[-1:]]
    return "、".join(str(low) if low == high else f"{low}-{high}" for low, high in zip(starts, ends, strict=True))


def find_held(blocks: Collection[int], others: Iterable[Collection[int]]) -> tuple[int, ...]:
    """Return those of some buildings that other live claims of the estate name, sorted."""
    return tuple(sorted(set(blocks) & {number for other in others for number in other}))


def check_free(blocks: Collection[int], others: Iterable[Collection[int]]) -> None:
    """Do nothing if no other live claim of the estate names one of these buildings.

    Raises
    ------
    BlocksHeldError
        If one does, with those buildings.
    """
    held = find_held(blocks, others)
    if held:
        raise BlocksHeldError(held)


def check_households(households: int, others: int, limit: int | None) -> None:
    """Do nothing if a claim has households, and all live ones no more than there are.

    Parameters
    ----------
    households
        Of the claim.
    others
        Of all other live claims of the estate.
    limit
        How many the estate has; None where nobody knows.

    Raises
    ------
    HouseholdCountError
        If the claim has none.
    ManyHouseholdsError
        If there are fewer.
    """
    if households < 1:
        raise HouseholdCountError
    if limit is not None and households + others > limit:
        raise ManyHouseholdsError(households + others, limit)


def check_load(total: int, most: int, reason: str) -> None:
    """Do nothing if one member takes care of so many households, or of more for a reason.

    Raises
    ------
    ClaimReasonError
        If there are more than ``most`` and the reason is none.
    """
    if total > most and not is_reason(reason):
        raise ClaimReasonError(total, most)


def clean_claim_reason(words: str) -> str:
    """Return a reason on one line, as short as reasons are.

    Raises
    ------
    PersonInTextError
        If a person or a home may stand in it.
    """
    check_no_person(words)
    return " ".join(words.split())[:LONGEST_REASON]
