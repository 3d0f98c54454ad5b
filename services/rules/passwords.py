"""Which passwords are good enough: long, not among the common ones, not guessed from what is known of the account."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from services.errors import ServiceError
from services.i18n import Text, text

SHORTEST: Final = 10
LONGEST: Final = 128
"""Longer ones cost time to hash and nobody types them (NIST SP 800-63B asks for 64 at least to be taken)."""
LOWEST_SCORE: Final = 2
"""Of zxcvbn's 0 to 4: fewer than 10⁸ guesses is refused (Wheeler 2016)."""
_COMMON: Final = frozenset(FREQUENCY_LISTS["passwords"])
_OWN_WORDS: Final = ("gridmuster", "wangge", "jijie", "网格集结", "admin", "administrator")


_FEWEST_CHANGES: Final = 3
"""Characters in which a new password differs from the one before at least."""
_SHORTEST_CORE: Final = 5


class PasswordError(ServiceError, ValueError):
    """A password that is too easy to guess."""


def check_password(password: str, *, about: Sequence[str] = ()) -> None:
    """Do nothing if a password is good enough.

    Parameters
    ----------
    password
        As typed; nothing is cut off or changed.
    about
        Words an attacker would try first: account name, person's name, unit.

    Raises
    ------
    PasswordError
        Saying what is wrong with it, never quoting it.
    """
    fault = _fault(password, [word for word in (*about, *_OWN_WORDS) if word])
    if fault:
        raise PasswordError(fault)


def is_variant(password: str, former: str) -> bool:
    """Return whether a password is another one made a little different: letters, digits at its ends, two characters.

    Examples
    --------
    >>> is_variant("Walnut-bicycle-2027", "walnut-bicycle-2026"), is_variant("seven quiet herons", "walnut bicycle")
    (True, False)
    """
    new, old = (unicodedata.normalize("NFKC", word).casefold() for word in (password, former))
    if Levenshtein.distance(new, old) < _FEWEST_CHANGES:
        return True
    cores = [_ENDS.sub("", word) for word in (new, old)]
    shorter, longer = sorted((*cores,), key=len)
    return len(shorter) >= _SHORTEST_CORE and (shorter in longer or shorter[::-1] == longer)


_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
"""What people change of a password when they have to change it."""


def _fault(password: str, about: Sequence[str]) -> Text | None:
    if len(password) < SHORTEST:
        return text("The password is too short: at least {count} characters.", count=SHORTEST)
    if len(password) > LONGEST:
        return text("The password is too long: at most {count} characters.", count=LONGEST)
    if password.lower() in _COMMON:
        return text("This password is one of the most common ones; choose another.")
    if any(len(word) > 2 and word.lower() in password.lower() for word in about):
        return text("The password contains your account name or the name of the program; choose another.")
    if zxcvbn(password, user_inputs=list(about), max_length=LONGEST)["score"] < LOWEST_SCORE:
        return text("This password is easily guessed; take several words that do not belong together.")
    return None
