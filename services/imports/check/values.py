"""One cell, understood: strict about meaning, lenient about form.

Every function takes what stood in the cell (text, number, truth value, date, ``Unreadable`` or None) and returns the
value, None for nothing, or raises ``PydanticCustomError`` whose type is the code of the problem.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeGuard

from pydantic_core import PydanticCustomError

from services.imports.read.table import Unreadable
from services.rules.people import hash_identity, normal_identity, normal_phone

MAX_COUNT: Final = 20_000_000
"""More people, households or blocks than any city has."""
MAX_TEXT: Final = 500
EXACT_DIGITS: Final = 10**15
"""A spreadsheet keeps 15 digits; a longer number has lost its last ones."""

_NOTHING: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "null", "none", "nan", "未知", "不详", "暂无", "不明"}
)
_NONE_STATED: Final = frozenset({"无", "没有"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NO_NAMES: Final = _words(
    "- -- — —— / \\ 无 没有 空 空白 空值 为空 缺 暂缺 暂无 待定 待补 待补充 待填 待录入 待确认 待核实 待命名 未定 未填"
    " 未填写 未录入 未命名 未提供 未知 无名 无名称 无姓名 无名氏 不详 不明 不明确 不清楚 不知道 不适用"
    " na n/a n.a nil null"
    " none nan nul nat undefined unknown unnamed tbd tba empty blank ... …… ? ?? ??? * ** ***"
)
"""What is typed where nobody knows a name."""
_AROUND_NO_NAME: Final = "()[]<>（）【】《》〈〉「」 .。"
_FORMULA_ERRORS: Final = frozenset({"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!"})
_TRUE: Final = frozenset({"有", "是", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "t", "对", "已有", "属于"})
_FALSE: Final = frozenset(
    {"无", "否", "没有", "×", "✗", "✘", "x", "0", "n", "no", "false", "f", "不是", "非", "没", "不属于"}
)
_SCIENTIFIC: Final = re.compile(r"['\"=]*\d(?:\.\d+[eE]\+?|[eE]\+|(?:\.\d+)?[*×x]10\^?)\d{1,2}[\"']?")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[,，]\d{3}){3,}(?:\.0*)?")
"""A number of ten digits or more with marks of thousands."""
_WRITTEN_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.0*)?|\d+\.0*")
"""A whole number as a spreadsheet writes it: with marks of thousands, or ``.0`` at its end."""
_COUNT: Final = re.compile(
    r"(约|大约|近|超|超过)?\s*([\d,]+(?:\.\d+)?)\s*(万)?\s*(余|多|左右)?\s*(?:户|人|个|栋|幢|名|座|口|处)?(余|多|左右)?"
)
_EXCEL_TEXT: Final = re.compile(r'^="(.*)"$')
INVISIBLE: Final = "".join(
    map(chr, (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF))
)
"""What nobody sees in a cell: marks of width nought and of the direction of writing, which telephones copy along."""
UNSEEN: Final[Mapping[int, None]] = dict.fromkeys(map(ord, INVISIBLE))
"""For ``str.translate``: takes it out."""
_FULL_WIDTH: Final[Mapping[int, int | None]] = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    **UNSEEN,
}
_SPACES: Final = re.compile(r"[\s\u3000\u00a0]+")
_UNKEPT: Final = re.compile(r"[\x00\ud800-\udfff]")
"""NUL and halves of characters: no store keeps them both, and one of them none."""
_DITTO: Final = frozenset({"同上", "同前", "〃", "″"})
_BETWEEN: Final = re.compile(r"[、,，;；/|\n]+")
_DEGREES: Final = re.compile(
    r"(\d{1,3})[°度]\s*(\d{1,2}(?:\.\d+)?)['′’分]\s*(?:(\d{1,2}(?:\.\d+)?)(?:[\"″”秒]|['′’]{2}))?"
)
_AROUND_DEGREES: Final = "°度EeNn东经北纬:,;、 \t\r\n"
_ONE: Final = rf"{_DEGREES.pattern}|[-+]?\d+(?:\.\d+)?[°度]?"
_AXES: Final = r"(?:东经|北纬|经度|纬度|[EeNn])?"
_LONLAT: Final = re.compile(
    rf"(?:POINT\s*Z?\s*)?[(\[]?\s*({_AXES})\s*:?\s*({_ONE})\s*({_AXES})[\s,;、]+({_AXES})\s*:?\s*({_ONE})\s*({_AXES})"
    r"(?:[\s,;、]+-?\d+(?:\.\d+)?)?\s*[)\]]?",
    re.IGNORECASE,
)

_ORDINARY: Final = re.compile(
    r"[0-9A-Za-z.]{0,5}[\u4e00-\u9fa5]{3,60}[0-9\u4e00-\u9fa5]{0,60}|[\u4e00-\u9fa5]{2}"
    r"|[0-9]{2,40}|[A-Za-z]{1,9}[0-9]{1,40}"
)
_STAND_INS: Final = _NOTHING | _DITTO
"""Texts that look ordinary and stand for nothing, or for the cell above."""

OnNote = Callable[[str, str], None]


def read_text(cell: object) -> str | None:
    """Return a text without outer blanks, runs of blanks as one, full-width letters and digits as plain ones.

    Raises
    ------
    PydanticCustomError
        ``bad_character``, ``formula_error``, ``too_long`` or ``ditto``, or the code of an unreadable cell.
    """
    if _is_ordinary(cell):
        return cell
    if isinstance(cell, Unreadable):
        raise PydanticCustomError(cell.code, "the cell cannot be read")
    text = _plain_text(cell).translate(_FULL_WIDTH)
    if _UNKEPT.search(text):
        raise PydanticCustomError("bad_character", "a character cannot be kept")
    text = _unquoted(_SPACES.sub(" ", text).strip())
    if text.lower() in _FORMULA_ERRORS:
        raise PydanticCustomError("formula_error", "the formula in the cell has failed")
    if len(text) > MAX_TEXT:
        raise PydanticCustomError("too_long", "the text is too long")
    if text in _DITTO:
        raise PydanticCustomError("ditto", "the value itself is expected")
    return None if text.lower() in _NOTHING else text


def _is_ordinary(cell: object) -> TypeGuard[str]:
    """Return whether there is nothing to mend in a cell: most of them, so they take the short way."""
    return isinstance(cell, str) and _ORDINARY.fullmatch(cell) is not None and cell not in _STAND_INS


def _unquoted(text: str) -> str:
    """Return a text without quotation marks at its ends, unless they are one of a pair inside it."""
    for quote in "'\"":
        inner = text.strip(f" {quote}")
        if quote not in inner:
            text = inner
    return text


def read_optional_text(cell: object) -> str | None:
    """Return a text as ``read_text``; 无 means nothing."""
    text = read_text(cell)
    return None if text in _NONE_STATED else text


def read_name(cell: object) -> str | None:
    """Return a name; a word that stands for none, like 无, NA or 待定, is a problem.

    Raises
    ------
    PydanticCustomError
        As ``read_text``, and ``no_name``.
    """
    text = read_text(cell)
    if text is None and not isinstance(cell, str):
        return None
    word = (text or _plain_text(cell).translate(_FULL_WIDTH)).strip()
    if word and (word.lower().strip(_AROUND_NO_NAME) or word) in NO_NAMES:
        raise PydanticCustomError("no_name", "a name is expected")
    return text


def read_code(cell: object) -> str | None:
    """Return a code: a text whose zeros in front count; a number that has lost digits is a problem.

    >>> read_code("449908001004.0"), read_code("44,990,800,100,105"), read_code("0101")
    ('449908001004', '44990800100105', '0101')
    """
    if _is_ordinary(cell):
        return cell
    _refuse_lost_digits(cell)
    text = read_text(cell)
    if text is None:
        return None
    code = unicodedata.normalize("NFKC", text)
    return code.replace(",", "").partition(".")[0] if _WRITTEN_NUMBER.fullmatch(code) else code


def read_codes(cell: object) -> str | None:
    """Return codes or names in their order, joined by ``;``, each as ``read_code``; 44,990,800,100 is one number."""
    if not isinstance(cell, str) or _GROUPED.fullmatch(cell.strip(" '\"=")):
        return read_code(cell)
    stated = read_list(cell)
    if stated is None:
        return None
    return ";".join(sorted({code for part in stated.split(";") if (code := read_code(part))})) or None


def read_count(cell: object, note: OnNote | None = None) -> int | None:
    """Return a whole number of at least 0; thousands marks, units and 万 are understood.

    ``约200户`` is 200, which is what whoever wrote it would fill in, and is noted as ``approximate``; 无 is 0.

    Raises
    ------
    PydanticCustomError
        ``not_a_number``, ``not_whole``, ``negative`` or ``too_large``.
    """
    if isinstance(cell, bool):
        raise PydanticCustomError("not_a_number", "a number is expected")
    if isinstance(cell, int | float):
        return _whole(float(cell)) if not _is_nan(cell) else None
    text = read_text(cell)
    if text is None:
        return None
    if text in _NONE_STATED:
        return 0
    found = _COUNT.fullmatch(unicodedata.normalize("NFKC", text))
    if not found:
        raise PydanticCustomError("not_a_number", "a number is expected")
    number = float(found[2].replace(",", "")) * (10_000 if found[3] else 1)
    if note and (found[1] or found[4] or found[5]):
        note("approximate", text)
    return _whole(round(number, 6))


def read_flag(cell: object) -> bool | None:
    """Return a truth value: 有/无, 是/否, √/×, 1/0, yes/no; a text that names a 物业 company is yes.

    Raises
    ------
    PydanticCustomError
        ``not_a_flag``.
    """
    if isinstance(cell, bool):
        return cell
    text = read_text(int(cell) if isinstance(cell, float) and cell in {0.0, 1.0} else cell)
    if text is None:
        return None
    word = unicodedata.normalize("NFKC", text).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    if word[0] in "无没否非未不":
        return False
    if word[0] in "有是已" or "物业" in word or word == "杂居":
        return True
    raise PydanticCustomError("not_a_flag", "yes or no is expected")


def read_share(cell: object) -> float | None:
    """Return a share from 0 to 1; ``50%`` is 0.5, √ or 是 is 1, × or 否 is 0.

    Raises
    ------
    PydanticCustomError
        ``not_a_share``.
    """
    text = read_text(cell)
    if text is None:
        return None
    word = unicodedata.normalize("NFKC", text).lower()
    if word in _TRUE or word in _FALSE:
        return float(word in _TRUE)
    try:
        share = float(word.rstrip("%")) / (100 if word.endswith("%") else 1)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise PydanticCustomError("not_a_share", "a share from 0 to 1 is expected")
    return share


def read_phone(cell: object) -> str | None:
    """Return a telephone number as ``services.rules.people.normal_phone``; 无 is nothing.

    Raises
    ------
    PydanticCustomError
        ``bad_phone`` or ``digits_lost``.
    """
    _refuse_lost_digits(cell)
    text = read_optional_text(cell)
    if text is None:
        return None
    phone = normal_phone(text)
    if phone is None:
        raise PydanticCustomError("bad_phone", "not a telephone number")
    return phone


def read_identity(cell: object, salt: bytes) -> str | None:
    """Return the keyed hash of an identity number; the number itself goes no further.

    Raises
    ------
    PydanticCustomError
        ``bad_identity`` or ``digits_lost``.
    """
    _refuse_lost_digits(cell)
    text = read_optional_text(cell)
    if text is None:
        return None
    number = normal_identity(text)
    if number is None:
        lost = len(text) == 18 and text.endswith("000")
        raise PydanticCustomError("digits_lost" if lost else "bad_identity", "not an identity number")
    return hash_identity(number, salt=salt)


def read_list(cell: object) -> str | None:
    """Return the parts of a list (cut at 、,;/ and line ends), each once, joined by ``;``."""
    text = read_optional_text(cell.replace("\n", ";") if isinstance(cell, str) else cell)
    if text is None:
        return None
    parts = dict.fromkeys(part.strip() for part in _BETWEEN.split(text) if part.strip())
    return ";".join(parts) or None


def read_degrees(cell: object) -> float | None:
    """Return decimal degrees from a number, a text, or degrees, minutes and seconds; NaN where it is no number."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return None if _is_nan(cell) else float(cell)
    text = unicodedata.normalize("NFKC", _plain_text(cell).translate(UNSEEN)).strip(_AROUND_DEGREES)
    if text.lower() in (_NOTHING | _NONE_STATED) - {"nan"}:
        return None
    parts = _DEGREES.fullmatch(text)
    if parts:
        return int(parts[1]) + float(parts[2]) / 60 + float(parts[3] or 0) / 3600
    try:
        return float(re.sub(r"\s*\.\s*", ".", text))
    except ValueError:
        return math.nan


def read_pair(cell: object) -> tuple[float | None, float | None]:
    """Return longitude and latitude from one cell, both None where it is empty, both NaN where it holds no two numbers.

    What stands first is the longitude unless the cell says otherwise; a height behind them is passed over.

    Examples
    --------
    >>> read_pair("113.2185，23.405"), read_pair("北纬23.405 东经113.2185")
    ((113.2185, 23.405), (113.2185, 23.405))
    """
    text = unicodedata.normalize("NFKC", _plain_text(cell).translate(UNSEEN)).strip()
    if text.lower() in (_NOTHING | _NONE_STATED) - {"nan"}:
        return None, None
    found = _LONLAT.fullmatch(text)
    if not found:
        return math.nan, math.nan
    first, second = read_degrees(found[2]), read_degrees(found[8])
    is_reversed = (found[1] or found[7]).lower() in {"北纬", "纬度", "n"}
    return (second, first) if is_reversed else (first, second)


def show(cell: object) -> str:
    """Return what stood in a cell, in one line and shortened, as a problem shows it."""
    text = keepable(_SPACES.sub(" ", _plain_text(cell).translate(UNSEEN)))
    return text if len(text) <= 40 else text[:39] + "…"


def keepable(name: str) -> str:
    """Return a name of a file or of a column with U+FFFD where a character is that no store keeps."""
    return _UNKEPT.sub("\ufffd", name)


def _plain_text(cell: object) -> str:
    if isinstance(cell, str):
        quoted = _EXCEL_TEXT.match(cell)
        return quoted[1] if quoted else cell
    if cell is None or _is_nan(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e21:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _is_nan(cell: object) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _whole(number: float) -> int:
    if not math.isfinite(number) or not number.is_integer():
        raise PydanticCustomError("not_whole", "a whole number is expected")
    if number < 0:
        raise PydanticCustomError("negative", "a number of at least 0 is expected")
    if number > MAX_COUNT:
        raise PydanticCustomError("too_large", "the number is too large")
    return int(number)


def _refuse_lost_digits(cell: object) -> None:
    is_lost = isinstance(cell, int | float) and abs(cell) >= EXACT_DIGITS
    if isinstance(cell, str) and not _is_ordinary(cell):
        is_lost = _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", cell.strip())) is not None
    if is_lost:
        raise PydanticCustomError("digits_lost", "a spreadsheet has cut the number short")
