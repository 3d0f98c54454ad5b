"""What is right about data on persons: identity numbers, telephone numbers, masks, and how a person is recognised.

An identity number is never kept: it is checked, turned into a keyed hash and forgotten. Pure functions; nothing here
logs or raises with a value.
"""

import hashlib
import re
import unicodedata
from datetime import date
from typing import Final

SALT_BYTES: Final = 32
_HASH_BYTES: Final = 16
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"
_IDENTITY: Final = re.compile(r"\d{17}[\dX]")
_INSIDE_IDENTITY: Final = re.compile(r"[\s'-]+")
_OLD_IDENTITY: Final = re.compile(r"\d{15}")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([1-9]\d{6,7})|([2-8]\d{6,7})")
_NO_ZERO: Final = re.compile(r"(?:10|2\d)[2-8]\d{7}|[3-9]\d{2}[2-8]\d{6,7}")
_SERVICE_NUMBER: Final = re.compile(r"[48]00\d{7}")
_COUNTRY_CODE: Final = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0\d{9,11}$|10\d{8}$|[2-9]\d{9,10}$)")
_HAN: Final = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NAME_DOT: Final = re.compile(rf"(?<=[{_HAN}])\s*[·•・‧∙⋅･．.●﹒᛫・]\s*(?=[{_HAN}])")
_NAME_SPACE: Final = re.compile(rf"(?<=[{_HAN}])[\s\u3000\u200b-\u200d\u2060\ufeff]+(?=[{_HAN}])")
_BETWEEN_NUMBERS: Final = re.compile(r"[,;/、|\n或和及与&]+")
_FOREIGN: Final = re.compile(r"\s*(?:\+|00)\s*(?!86)[1-9]")
_INSIDE_NUMBER: Final = re.compile(r"[\s()\[\]·.\u200b\ufeff]+")
_DASHES: Final = re.compile(r"[‐‑‒–—―−ー~﹣]+")
_DECIMAL: Final = re.compile(r"(?<=\d{7})\.0+$")
"""What a spreadsheet adds to a number."""
_LABEL: Final = re.compile(r"^[^\d+(]+:?")
_EXTENSION: Final = re.compile(r"(?<=\d{7})(-|(?:转接?|分机号?|ext|x|#|-)+:?)(\d{1,6})$")


def check_character(first_17: str) -> str:
    """Return the 18th character of an identity number from its first 17 digits.

    Source: GB 11643-1999, annex A (ISO 7064:1983, MOD 11-2).

    Examples
    --------
    >>> check_character("11010519491231002")
    'X'
    """
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def normal_identity(words: str) -> str | None:
    """Return an identity number in its 18 characters, or None if it cannot be one.

    Full-width digits, spaces and a small x are accepted; a number of the first generation (15 digits, born in the
    1900s) is completed. The date of birth and the check character must be right (GB 11643-1999).

    Examples
    --------
    >>> normal_identity("１１０１０５ 19491231 002x")
    '11010519491231002X'
    """
    number = _INSIDE_IDENTITY.sub("", unicodedata.normalize("NFKC", words)).upper()
    if _OLD_IDENTITY.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += check_character(number)
    if not _IDENTITY.fullmatch(number) or not _is_date(number[6:14]):
        return None
    return number if check_character(number[:17]) == number[17] else None


def hash_identity(number: str, *, salt: bytes) -> str:
    """Return the keyed hash by which a person is recognised again: 32 hexadecimal digits (BLAKE2b, RFC 7693).

    Parameters
    ----------
    number
        An identity number as ``normal_identity`` returns it.
    salt
        The key of this store, 1 to 64 bytes. Without it the 10¹¹ or so possible numbers could be tried one by one.
    """
    return hashlib.blake2b(number.encode(), key=salt, digest_size=_HASH_BYTES).hexdigest()


def normal_name(words: str) -> str:
    """Return a name of a person in its one form: no spaces between Chinese characters, one kind of dot inside.

    Examples
    --------
    >>> normal_name("张 伟"), normal_name("阿里木 • 江"), normal_name("Anna Li")
    ('张伟', '阿里木·江', 'Anna Li')
    """
    if words.isalpha():
        return words
    name = _NAME_DOT.sub("·", unicodedata.normalize("NFC", words).strip())
    return _NAME_SPACE.sub("", name)


def person_code(*, identity_hash: str | None, name: str, phone: str | None, salt: bytes) -> str | None:
    """Return a code for a person who was given none: from the identity hash, else from name and telephone.

    The same person gets the same code again. None where neither an identity nor a name with a telephone is known.
    """
    if identity_hash:
        return f"P{identity_hash[:16]}"
    if name and phone:
        return f"P{hash_identity(f'{name}|{phone}', salt=salt)[:16]}"
    return None


def normal_phone(words: str) -> str | None:
    """Return a telephone number as digits (``13812345678``, ``020-36898888``, ``…-12`` for an extension), or None.

    Country code, spaces, dashes, brackets and full-width digits are accepted; of several numbers the first right one
    is taken.

    Examples
    --------
    >>> normal_phone("+86 138-1234-5678")
    '13812345678'
    >>> normal_phone("（020）3689 8888")
    '020-36898888'
    """
    if _MOBILE.fullmatch(words):
        return words
    text = unicodedata.normalize("NFKC", words).lower()
    if _FOREIGN.match(text):
        return None
    parts = [text, *_BETWEEN_NUMBERS.split(text), *text.split()]
    return next((phone for part in parts if (phone := _one_phone(part))), None)


def _one_phone(text: str) -> str | None:
    compact = _INSIDE_NUMBER.sub("", _LABEL.sub("", _DASHES.sub("-", _DECIMAL.sub("", text.strip()))))
    extension = _EXTENSION.search(compact)
    digits = (compact[: extension.start(1)] if extension else compact).replace("-", "")
    digits = re.sub(r"[^\d+]+$", "", digits)
    bare = _COUNTRY_CODE.sub("", digits)
    if bare != digits and _NO_ZERO.fullmatch(bare):
        bare = f"0{bare}"  # dialled from abroad, an area code goes without
    if _MOBILE.fullmatch(bare) or _SERVICE_NUMBER.fullmatch(bare):
        return bare
    found = _LANDLINE.fullmatch(bare)
    if not found:
        return None
    number = f"{found[1]}-{found[2]}" if found[1] else found[3]
    return f"{number}-{extension[2]}" if extension else number


def mask_name(name: str) -> str:
    """Return a name as those see it who need not know it.

    Examples
    --------
    >>> mask_name("张三丰")
    '张**'
    """
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle hidden; a short one loses all but its last two digits.

    Examples
    --------
    >>> mask_phone("13812345678")
    '138****5678'
    """
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 2 else "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_identity(number: str) -> str:
    """Return an identity number of which only the first three characters are left, and its length."""
    return number[:3] + "*" * max(len(number) - 3, 0)


def mask_text(text: str) -> str:
    """Return an address or another free text of which a quarter, at most six characters, is left."""
    shown = min(len(text) // 4, 6)
    return text[:shown] + "*" * min(len(text) - shown, 6)


def _is_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= 1800
