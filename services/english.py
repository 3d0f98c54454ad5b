"""English sentences in the singular: ids of texts speak of several, and one of something needs another form."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

SINGULARS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "people": "person",
        "persons": "person",
        "duties": "duty",
        "person-hours": "person-hour",
        "person-minutes": "person-minute",
        "communities": "community",
        "districts": "district",
        "sub-districts": "sub-district",
        "copies": "copy",
        "times": "time",
        "entries": "entry",
        "batches": "batch",
        "packages": "package",
        **{
            f"{noun}s": noun
            for noun in (
                *(
                    "absence",
                    "account",
                    "archive",
                    "area",
                    "attempt",
                    "audit",
                    "backup",
                    "block",
                    "byte",
                    "call",
                    "cell",
                    "chain",
                    "change",
                    "character",
                    "claim",
                ),
                *("column", "connection", "day", "document", "draw", "estate", "feature", "field", "figure", "file"),
                *("grid", "hour", "household", "import", "item", "level", "line", "member", "mention", "minute"),
                *(
                    "move",
                    "name",
                    "night",
                    "note",
                    "notice",
                    "number",
                    "order",
                    "outline",
                    "page",
                    "part",
                    "person-shift",
                ),
                *("place", "plan", "post", "seat", "shift", "matter", "sheet", "kind"),
                *("point", "problem", "question", "record", "report", "resident", "role", "roster", "row", "second"),
                *("section", "session", "shape", "slide", "step", "table", "team", "template", "text", "tile", "unit"),
                *("value", "version", "volunteer", "window", "word", "year", "zone", "code", "digit"),
            )
        },
    }
)
"""What is counted, by its plural."""
_VERBS: Final = MappingProxyType(
    {"are": "is", "were": "was", "have": "has", "go": "goes"}
    | {verb: f"{verb}s" for verb in ("belong", "come", "hold", "lie", "stand", "stay")}
)
_PARAMETER: Final = r"(?P<within>within )?\{(?P<count>\w+)\}"
"""What is within a number of minutes is not they: a verb that follows is of something else."""
_OF: Final = r"(?: of \{(?P<total>\w+)\})?"
_ADJECTIVES: Final = (
    r"(?P<adjectives>(?: (?:mixed|weak|short|other|older|earlier|more|fewer|free|kept|stored|replaced|weighted))*)"
)
_NOUN: Final = rf" (?P<noun>{'|'.join(sorted(SINGULARS, key=len, reverse=True))})(?![\w-])"
_BETWEEN: Final = r"(?: of (?:the file|the fictitious H district|\{\w+\})| still| it wrote)?"
_VERB: Final = rf"(?:{_BETWEEN} (?P<verb>{'|'.join(_VERBS)})\b)?"
_COUNTED: Final = re.compile(_PARAMETER + _OF + _ADJECTIVES + _NOUN + _VERB)


def in_number(sentence: str, params: Mapping[str, object]) -> str:
    """Return a sentence with braces in which what there is one of stands in the singular.

    Parameters
    ----------
    sentence
        An English text with parameters in braces, in the plural.
    params
        What the parameters will be; numbers may be written out already.

    Examples
    --------
    >>> in_number("{count} weak grids of {area} have {people} people", {"count": 1, "people": "2"})
    '{count} weak grid of {area} has {people} people'
    """
    ones = {name for name, value in params.items() if str(value) == "1"}
    return _COUNTED.sub(lambda found: _form(found, ones), sentence) if ones else sentence


def _form(found: re.Match[str], ones: set[str]) -> str:
    """Return one counted thing with its verb; of "1 of 4 grids are" the noun goes by the second number."""
    counted = found["total"] or found["count"]
    verb = found["verb"]
    words = found[0]
    if verb is not None and not found["within"] and found["count"] in ones:
        words = words[: len(words) - len(verb)] + _VERBS[verb]
    if counted in ones:
        start = found.start("noun") - found.start()
        words = words[:start] + SINGULARS[found["noun"]] + words[start + len(found["noun"]) :]
    return words


@cache
def counts_of(sentence: str) -> frozenset[str]:
    """Return the parameters that count something in a sentence."""
    return frozenset(found["total"] or found["count"] for found in _COUNTED.finditer(sentence))
