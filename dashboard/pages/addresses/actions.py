"""What the page 地址核对 keeps between runs, and what its buttons do."""

from typing import Final

import pandas as pd

from dashboard import cache
from dashboard.kit.outcome import attempt, forget_outcome
from dashboard.pages.addresses.queue import Queue
from dashboard.streamlit import state
from geo.schema import Layer
from services.manual_assignment import assign_manually, read_doubts, unsettle

QUEUE: Final = "settle-queue"
PAGE: Final = "settle"
SEARCH: Final = "settle-search"
_PARTS: Final = (Layer.MEMBERS, Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES)
_ALL: Final = 1_000_000


def queue() -> Queue:
    """Return the queue of this session; it is made anew only when members or zones have changed."""
    versions = cache.versions()
    version = tuple(versions.get(layer.value, 0) for layer in _PARTS)
    known: Queue | None = state.saved_value(QUEUE)
    if known is None or known.version != version:
        known = Queue(version, tuple(read_doubts(cache.context(), limit=_ALL)))
        state.keep(QUEUE, known)
    return known


def frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return estates, grids and communities."""
    estates, grids, communities = (
        cache.layer_frame(layer) for layer in (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES)
    )
    return estates, grids, communities


def choose(estate_code: str) -> None:
    """Put the member who is asked about into an estate, and go on to the next."""
    at = queue()
    if at.current is None:
        return
    code = at.current.member_code
    with attempt(PAGE):
        assign_manually(cache.context(), code, estate_code=estate_code)
        _go_on(at.after_settling())


def put_off() -> None:
    """Ask about the next member; this one comes again at the end."""
    at = queue()
    if at.current is not None:
        _go_on(at.after_putting_off())


def undo() -> None:
    """Take the last decision back and ask about that member again."""
    at = queue()
    if not at.decided:
        return
    last = at.decided[-1]
    with attempt(PAGE):
        if last.is_settled:
            unsettle(cache.context(), last.doubt.member_code)
        _go_on(at.after_undoing())


def _go_on(after: Queue) -> None:
    state.keep(QUEUE, after)
    forget_outcome(PAGE)
    state.preset(SEARCH, "")
