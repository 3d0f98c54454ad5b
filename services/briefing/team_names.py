"""What a team is called in a briefing: by its name, unless the name holds a person's name or a telephone number."""

import re
from collections.abc import Collection
from typing import Final

from services.briefing.words import LONGEST_CELL, shorten
from services.i18n import translate
from services.wording import people_text

_NUMBER: Final = re.compile(r"\d[\d\s-]{5,}\d")
"""Seven and more digits: a telephone number or an identity card."""
_LENGTHS: Final = range(2, 5)
_ROUNDS: Final = str.maketrans("０１２３４５６７８９", "0123456789")


def parts_of_name(name: str) -> set[str]:
    """Return whatever in the name of a team could be the name of a person: two to four characters, or whole words.

    Examples
    --------
    >>> sorted(parts_of_name("李四队"))
    ['四队', '李四', '李四队']
    """
    plain = name.strip()
    words = plain.split()
    joined = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    return {plain[k : k + n] for n in _LENGTHS for k in range(len(plain) - n + 1)} | joined


def name_team(name: str, size: int, home: str, persons: Collection[str]) -> str:
    """Return what a team is called.

    Parameters
    ----------
    name
        Its name in the store; empty where the team is not known.
    size
        How many people go.
    home
        The name of its home grid; empty where it has none.
    persons
        The parts of names (``parts_of_name``) that are a person's.

    Examples
    --------
    >>> name_team("张三突击队", 12, "一格", {"张三"})
    '一格的 12 人队伍'
    """
    hides = not name.strip() or _NUMBER.search(name.translate(_ROUNDS)) or parts_of_name(name) & set(persons)
    if not hides:
        return shorten(name, LONGEST_CELL)
    if not home:
        return translate("a team of {people}", people=people_text(size))
    return translate("{people}-strong team of {grid}", people=people_text(size), grid=shorten(home))
