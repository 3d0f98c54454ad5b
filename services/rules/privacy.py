"""Who is shown what of a person: masks, the smallest number of people that is told, and when a reason is asked for.

DESIGN §9. Pure; nothing in here logs or raises with a value.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS
from services.i18n import Text, text
from services.rules.people import mask_name, mask_phone
from services.rules.roles import Actor, may
from services.rules.small_counts import FEWEST_TOLD

LONGEST_REASON: Final = 120
USUAL_REASONS: Final[tuple[Text, ...]] = (
    text("Call up or notify"),
    text("Check the address or the assignment"),
    text("Visit or help"),
    text("The person asked"),
    text("Emergency contact"),
)
"""What people mostly look for, to choose from."""
_HAN: Final = re.compile(r"[一-鿿㐀-䶿]")
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_FEWEST_HAN: Final = 2
_FEWEST_WORDS: Final = 2
_HIDDEN: Final = "***"
_LONGEST_ADDRESS: Final = 30
_NUMERAL: Final = "0-9零〇一二三四五六七八九十百甲乙丙丁A-Za-z"
_HOME: Final = re.compile(
    rf"[{_NUMERAL}][{_NUMERAL}、,#\-—/\s]*(?:号楼|栋|幢|座|号|单元|梯|室|房|层|楼|户|门|排|巷|弄)|[0-9#]"
)
"""What tells one home from another: a number with its counter, or any digit."""
_NAMED_AFTER: Final = re.compile(
    r"[0-9A-Za-z零〇一二三四五六七八九十百\-]+号(?=[^0-9]{1,12}?(?:花园|小区|大院|新村|公寓|家园|社区|广场|大厦|[苑城园庭府村里院居轩阁湾]))"
)
"""The number of a house behind which an estate is still to be named."""
_PERSONAL_NUMBER: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx]|\d{15})(?!\d)")
"""A mobile number, or an identity number of either generation."""
_LONG_NUMBER: Final = re.compile(r"\d{5,}[\dXx]*")


def mask_address(address: str) -> str:
    """Return an address down to the estate: what tells one home from another is hidden, and all behind it.

    Examples
    --------
    >>> mask_address("紫薇路12号云港花园3栋2单元502"), mask_address("花山村15号"), mask_address("云港花园")
    ('紫薇路12号云港花园***', '花山村***', '云港花园')
    """
    plain = " ".join(unicodedata.normalize("NFKC", address).split())
    named = max((found.end() for found in _NAMED_AFTER.finditer(plain)), default=0)
    home = _HOME.search(plain, named)
    kept = plain[: home.start()] if home else plain
    return kept[:_LONGEST_ADDRESS].rstrip() + (_HIDDEN if home or len(kept) > _LONGEST_ADDRESS else "")


_MASKS: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.PERSON_NAME: mask_name,
    Kind.PERSON: mask_name,
    Kind.PHONE: mask_phone,
    Kind.HOME: mask_address,
}
MASKS: Final[Mapping[Layer, Mapping[str, Callable[[str], str]]]] = MappingProxyType(
    {
        layer: {field.name: _MASKS[field.kind] for field in spec.fields if field.kind in _MASKS}
        for layer, spec in LAYERS.items()
        if spec.is_of_people
    }
)
"""What is masked in each layer that tells of persons. The address of a unit is that of an office, not of a home."""
OF_PEOPLE: Final = frozenset(MASKS)
"""Layers whose rows name people."""


def hide_few_members(table: pd.DataFrame) -> pd.DataFrame:
    """Return a coverage table whose zones with one or two members do not tell how many: null, as are the densities.

    Its other figures are made of counts that tell nothing more (``services.rules.small_counts``).

    Parameters
    ----------
    table
        With ``members`` and the columns that tell it too (docs/conventions.md); those that are absent are passed over.
    """
    few = table["members"].gt(0) & table["members"].lt(FEWEST_TOLD)
    telling = [name for name in ("members", "density_per_1000", "density_per_km2") if name in table.columns]
    return table.assign(**{name: table[name].mask(few) for name in telling}) if few.any() else table


def sees_small_counts(actor: Actor) -> bool:
    """Return whether an actor is told every number of members of the own area: who looks after its people is.

    A liaison looks after the people of a unit, and what the command line writes is handed on.
    """
    return actor.role not in {Role.LIAISON, Role.LOCAL} and may(actor, Action.VIEW_PEOPLE)


def may_see_contact(actor: Actor) -> bool:
    """Return whether an actor is told in clear whom to call about an order that touches the own area.

    Who sends teams and who looks after people have to reach the leader (docs/adr/0012).
    """
    return may(actor, Action.COMMIT_PLAN) or may(actor, Action.VIEW_PEOPLE)


def hide_numbers(words: str) -> str:
    """Return a text in which telephone and identity numbers are masked, wherever they stand.

    Examples
    --------
    >>> hide_numbers("张村 13812345678, G440114001001")
    '张村 138****5678, G440114001001'
    """
    return _PERSONAL_NUMBER.sub(lambda found: mask_phone(found.group()), words)


def clean_reason(reason: str, *, codes: Mapping[str, str]) -> str:
    """Return a reason as the audit trail may keep it: without long numbers, and with codes for what they stand for.

    Parameters
    ----------
    reason
        As somebody wrote it.
    codes
        Values that must not be kept (a name, an address), each with the code to write instead.

    Examples
    --------
    >>> clean_reason("张三 13812345678 找不到", codes={"张三": "P1"})
    'P1 *** 找不到'
    """
    said = " ".join(reason.split())
    for value, code in sorted(codes.items(), key=lambda pair: -len(pair[0])):
        said = said.replace(value, code) if len(value) > 1 else said
    return _LONG_NUMBER.sub(_HIDDEN, said)[:LONGEST_REASON]


def is_reason(words: str) -> bool:
    """Return whether a text says why: two Chinese characters or two words at least, and not one of them over and over.

    Examples
    --------
    >>> [is_reason(said) for said in ("走访", "call him back", "x", "哈哈哈", "12345", "")]
    [True, True, False, False, False, False]
    """
    plain = unicodedata.normalize("NFKC", words).lower()
    return _are_words(_HAN.findall(plain), _FEWEST_HAN) or _are_words(_WORD.findall(plain), _FEWEST_WORDS)


def _are_words(parts: list[str], fewest: int) -> bool:
    counts = Counter(parts)
    return len(counts) >= fewest and 2 * max(counts.values()) <= len(parts) + 1
