"""The colours of every map: shortage is what the eye finds first, surplus is quiet, and in grey the worst is darkest.

Colours of one layer differ by ΔE ≥ 18 (CIE76) from each other and from "no need" in normal, protan, deutan and tritan
sight (Machado, Oliveira & Fernandes 2009, severity 1), and their lightness rises from the worst class to "enough"
(docs/adr/0026). "No need" lies between two classes in grey, and "no data" near the lightest: both are told by their
hatching, which runs in opposite directions, never by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NO_NEED: Final = "8"
NO_DATA: Final = "9"

RATIO_COLOURS: Final = ("#4d0010", "#a81529", "#e25a3c", "#f6b27c", "#fff3c9", "#cfe6f7")
"""Four classes short of people, enough, to spare."""
SHARE_COLOURS: Final = ("#4d0010", "#8a1116", "#c53c25", "#f47936", "#f9b781", "#fff3c9")
"""Five classes short of people, nobody missing."""
BALANCE_COLOURS: Final = ("#4d0010", "#a81529", "#ee7d4c", "#fff3c9", "#daf2fb", "#9fc4e7")
"""Three classes missing people, three with as many as needed or more."""
CHANCE_COLOURS: Final = BALANCE_COLOURS[:5]
"""Three classes in which too few are likely to come, two in which enough are."""
VIRIDIS: Final = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
COLD_COLOURS: Final = ("#0072B2", "#f7f5ee", "#D55E00")
NO_NEED_COLOUR: Final = "#bbbbb7"
NO_DATA_COLOUR: Final = "#eceae4"

WEAK_COLOURS: Final = (RATIO_COLOURS[3], RATIO_COLOURS[2], RATIO_COLOURS[1])
"""Of what is counted in bars: some, many, most are short of people."""

MARK_COLOUR: Final = "#D55E00"
MARK_EDGE: Final = "#5a2700"
"""The diamond with a white bar that marks an under-served mixed estate."""


@dataclass(frozen=True, slots=True)
class Hatch:
    """Lines over a colour."""

    colour: str
    rises: bool
    """From lower left to upper right; else they fall."""


HATCHES: Final[Mapping[str, Hatch]] = {
    NO_NEED: Hatch("#ffffff", rises=False),
    NO_DATA: Hatch("#8a8f96", rises=True),
}
"""By class."""


def class_colours(colours: Sequence[str]) -> dict[str, str]:
    """Return the colour of every class by its digit, "no need" and "no data" among them.

    >>> class_colours(("#4d0010", "#fff3c9"))
    {'0': '#4d0010', '1': '#fff3c9', '8': '#bbbbb7', '9': '#eceae4'}
    """
    return {str(k): colour for k, colour in enumerate(colours)} | {NO_NEED: NO_NEED_COLOUR, NO_DATA: NO_DATA_COLOUR}


def line_colour(colour: str) -> str:
    """Return a line that is seen on a colour: grey on a pale one, white on the others.

    >>> line_colour("#fff3c9"), line_colour("#4d0010")
    ('#b8bbc0', '#ffffff')
    """
    return "#b8bbc0" if min(colour[k : k + 2] for k in (1, 3, 5)) >= "c8" else "#ffffff"


def spread(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """Return that many of some colours in their order, as far apart as they allow.

    >>> spread("abcde", 3)
    ('a', 'c', 'e')
    """
    last = len(colours) - 1
    return tuple(colours[round(k * last / (count - 1)) if count > 1 else len(colours) // 2] for k in range(count))
