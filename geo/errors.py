"""What can be wrong with a call (exceptions) and with data (values)."""

from dataclasses import dataclass, field


class GeoError(Exception):
    """Base of every error that ``geo`` raises."""


class CrsMismatchError(GeoError, ValueError):
    """Two inputs that must share a projected CRS do not."""

    def __init__(self, left: object, right: object) -> None:
        super().__init__(f"both inputs must be in one projected CRS in metres, got {left} and {right}")


class ShapeMismatchError(GeoError, ValueError):
    """Two arrays that must be of one length are not."""

    def __init__(self, **lengths: int) -> None:
        super().__init__("arrays differ in length: " + ", ".join(f"{k} {v}" for k, v in lengths.items()))


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one row of somebody's data.

    ``row`` is numbered as the user sees it in the file; ``column`` is the header (empty where the fault is in the
    whole row); ``code`` names the kind of fault, ``value`` is what stood there, shortened; ``params`` are what
    the message of that code needs besides. The message itself is made where people read it.
    """

    row: int
    column: str
    code: str
    value: str = ""
    params: dict[str, str | int | float] = field(default_factory=dict)
