"""Which browsers an account has signed in with: told by a cookie that nobody can make up.

The cookie holds a number of the browser and, for each account that has signed in with it, a digest of both with the
store's key. It lets nobody in: it only has wrong attempts counted apart from those of strangers.
"""

import re
import secrets
from datetime import date, timedelta
from typing import Final

from services.field_encryption import FieldCipher

KEPT_FOR: Final = timedelta(days=365)
_MOST_ACCOUNTS: Final = 8
"""Of one browser: a computer of an office has several people."""
_DIGEST_CHARS: Final = 32
_NUMBER_BYTES: Final = 12
_FORM: Final = re.compile(r"([0-9]{8})([A-Za-z0-9_-]{16})((?:\.[0-9a-f]{32}){1,8})")


def number_of_browser(cipher: FieldCipher, cookie: str, account_id: int, today: date) -> str:
    """Return the number of a browser in which an account has signed in before, empty for any other.

    Parameters
    ----------
    cipher
        Of the store.
    cookie
        As ``add_account`` made it; anything else is no browser that is known.
    account_id
        Number of the account.
    today
        A cookie older than ``KEPT_FOR`` counts no more.
    """
    form = _FORM.fullmatch(cookie)
    if form is None or _is_too_old(form[1], today):
        return ""
    number = form[1] + form[2]
    own = _digest(cipher, number, account_id)
    return number if any(secrets.compare_digest(own, digest) for digest in form[3].split(".")) else ""


def add_account(cipher: FieldCipher, cookie: str, account_id: int, today: date) -> str:
    """Return the cookie of a browser in which an account has now signed in; the accounts before it stay known."""
    form = _FORM.fullmatch(cookie)
    if form is None or _is_too_old(form[1], today):
        form = None
    number = form[1] + form[2] if form else f"{today:%Y%m%d}{secrets.token_urlsafe(_NUMBER_BYTES)}"
    own = _digest(cipher, number, account_id)
    before = form[3].split(".")[1:] if form else []
    digests = [own, *(digest for digest in before if digest != own)]
    return ".".join([number, *digests[:_MOST_ACCOUNTS]])


def _digest(cipher: FieldCipher, number: str, account_id: int) -> str:
    return cipher.mac("browser", f"{number}:{account_id}")[:_DIGEST_CHARS]


def _is_too_old(day: str, today: date) -> bool:
    try:
        made = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return True
    return today - made > KEPT_FOR
