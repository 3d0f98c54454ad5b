"""Which passwords are good enough: long, not among the common ones, not guessed from what is known of the account."""

from collections.abc import Sequence
from typing import Final

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
