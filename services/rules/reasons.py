"""Why somebody looks at a person's data: the usual reasons, and what counts as one."""

import re
import unicodedata
from collections import Counter
from typing import Final

from services.i18n import Text, text

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
