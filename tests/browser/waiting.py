"""Wait for a state of a page whose policy lets no text become code.

Playwright's own ``wait_for_function`` asks again from inside the page by ``eval``, which the policy of our pages
forbids: it fails whenever the first answer is no.
"""

import time
from typing import Any


def until(page, expression: str, arg: Any = None, *, seconds: float = 30.0) -> None:
    """Ask ``page`` from outside until ``expression`` is true of it.

    Raises ``AssertionError`` when it is not within ``seconds``.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"not within {seconds:g} s: {expression}"
        page.wait_for_timeout(50)


def map_frame(page):
    """Return the frame of the page's map once its script is there."""
    until(page, "[...document.querySelectorAll('iframe')].some(f => f.contentWindow.GM)")
    return next(frame for frame in page.frames if "/component/" in frame.url)
