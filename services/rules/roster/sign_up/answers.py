"""What people answer beside a name and a time: all, any, if needed, not any more, in whose place, how many."""

import re
from dataclasses import dataclass
from typing import Final

_ANY: Final = r"都行|都可以|都可|均可|任选|任意|随便|不限|哪个都|或者?"
_ALL: Final = r"都来|都上|都参加|两班|[两二三四]个班|全部"
_IF_NEEDED: Final = r"待定|如果缺人|缺人(?:时|再|就|的话)|备勤|候补|替补|reserve"
_WITHDRAWN: Final = r"取消|来不了|去不了|不来|不去|不参加|请假|退出|[✗✘×❌]"
_UNCLEAR: Final = (
    r"不行|不能|没空|没时间|不可以|除了?|以外|之?[前后](?:都|可|能|来|到)|以[前后]|左右"
    r"|改(?=[到成为在签期周上下晚早明后\d])|换[成到]|调[到整]|有[事课]|加班|上班|出差"
)
_DESPITE: Final = r"可以|能来|如果|要是|但"
"""With one of these beside it, a withdrawal is none of all that is named."""
_INSTEAD: Final = r"[替代顶][一-鿿]{2,3}|[和跟与同][一-鿿]{2,3}(?:换|一起|一块)|换班|互换"
_HEADS: Final = r"\+\s*(\d{1,2})(?!\d)|带\s*(\d|[一两二三])\s*个?人?|(?<![\d第])(\d{1,2}|[两三四])\s*个?人(?!民)"
ANSWER_WORDS: Final = "|".join((_ANY, _ALL, _IF_NEEDED, _WITHDRAWN, _UNCLEAR, _INSTEAD, _HEADS))
_HAN: Final = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class SignUpAnswer:
    """What an entry says beside who and when."""

    is_any: bool = False
    is_if_needed: bool = False
    is_withdrawal: bool = False
    is_instead: bool = False
    """In somebody's place, or together with somebody."""
    is_unclear: bool = False
    guests: int = 0
    """People without a name beside the one who wrote."""


def read_answer(words: str) -> SignUpAnswer:
    """Return the answer in the folded text of an entry behind its name.

    Examples
    --------
    >>> read_answer("上午两班都行").is_any, read_answer("8-10 +1").guests, read_answer("8-10 2人").guests
    (True, 1, 1)
    """
    is_withdrawal = re.search(_WITHDRAWN, words) is not None
    is_mixed = is_withdrawal and re.search(_DESPITE, words) is not None
    return SignUpAnswer(
        is_any=re.search(_ANY, words) is not None,
        is_if_needed=re.search(_IF_NEEDED, words) is not None,
        is_withdrawal=is_withdrawal,
        is_instead=re.search(_INSTEAD, words) is not None,
        is_unclear=is_mixed or re.search(_UNCLEAR, words) is not None,
        guests=_count_guests(words),
    )


def _count_guests(words: str) -> int:
    found = re.search(_HEADS, words)
    if not found:
        return 0
    more, brought, total = found.groups()
    count = more or brought or total
    number = _HAN[count] if count in _HAN else int(count)
    return max(number - 1, 0) if total else number
