"""Free text in which no resident may stand: told by what a home, a number or a form of address looks like.

A bare name cannot be told from other words; where one would stand a text is not asked for. Pure; nothing in here
raises with a value.
"""

import re
import unicodedata
from typing import Final

from services.errors import ServiceError
from services.i18n import text

_DIGIT: Final = r"\d零〇一二三四五六七八九十"
_LONG_NUMBER: Final = re.compile(rf"(?:[{_DIGIT}幺两][\s\-—.·]*){{5}}")
"""Five digits or more, however they are broken up or spelt."""
_ROOM: Final = re.compile(
    rf"[{_DIGIT}a-z]\s*(?:单元|室|房(?!屋)|号(?!楼)|层|楼(?!栋)|门(?!岗|口))"
    rf"|(?:栋|幢|座|号楼)\s*[\-—#]?\s*[{_DIGIT}]|[{_DIGIT}]\s*[\-—#/]\s*[{_DIGIT}]{{3,4}}(?!\s*栋)"
)
"""What tells a home finer than its building."""
_ADDRESSED: Final = re.compile(
    r"[一-鿿](?:先生|女士|小姐|太太|奶奶|爷爷|阿姨|叔叔|伯伯|婆婆|阿婆|阿公|阿伯|大爷|大妈|大叔|大婶|大姐|大哥|师傅)"
)
_OF_PERSON: Final = re.compile(r"姓名|身份证|手机|微信|户主|@")


class PersonInTextError(ServiceError, ValueError):
    """A text in which a person or a home may be told."""

    def __init__(self) -> None:
        super().__init__(
            text("No names, telephone numbers, rooms or long numbers here: a few words about the matter are enough.")
        )


def check_no_person(words: str) -> None:
    """Do nothing if a text shows no sign of a person or a home.

    Raises
    ------
    PersonInTextError
        If it has five digits in a row (spelt or broken up too), something finer than a building, a form of address or
        a label of personal data.

    Examples
    --------
    >>> check_no_person("人手不够，暂时代管 3-5栋")
    """
    plain = unicodedata.normalize("NFKC", words).lower()
    if any(sign.search(plain) for sign in (_LONG_NUMBER, _ROOM, _ADDRESSED, _OF_PERSON)):
        raise PersonInTextError
