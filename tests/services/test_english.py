"""Of one thing English speaks in the singular: in every text that counts something."""

import re

import pytest

from services.english import SINGULARS, counts_of, in_number
from services.i18n import catalogue, translate, unit_words, use_language

_PLURAL = re.compile(r"\{(\w+)\}(?: [a-z]+(?:-[a-z]+)*){0,2}? ((?:[a-z]+-)?[a-z]{2,}s|people)\b")
_NO_PLURALS = frozenset(
    {
        *("is", "has", "was", "this", "its", "as", "less", "always", "belongs", "holds", "needs", "asks", "stays"),
        *("gives", "takes", "sends", "begins", "goes", "comes", "receives", "stands", "ends", "tells", "knows", "lets"),
        *("does", "says", "contains", "gets", "signs", "fits", "lacks", "means", "agrees", "unpacks", "others"),
        *("orders", "norms", "points", "spots", "sums", "exists", "metres"),
    }
)
"""Words that end in s and are none, or stand behind a name and not a number."""
_NOT_COUNTED = {"level", "grids", "zones", "teams", "name", "names", "when", "datum", "code", "column", "file", "share"}
"""Parameters that are words: a name, a level, or a count that is in words already (one grid)."""


@pytest.fixture
def english():
    use_language("en")
    yield
    use_language("zh")


def uncounted(text: str) -> list[str]:
    """Return what seems to be counted in a text and is not known as such."""
    found = [match for match in _PLURAL.finditer(text) if match[1] not in _NOT_COUNTED]
    return [m[0] for m in found if m[2] not in _NO_PLURALS and m[1] not in counts_of(text)]


def test_every_text_that_counts_something_is_known_to():
    assert {text: found for text in catalogue("zh") if (found := uncounted(text))} == {}


@pytest.mark.parametrize("text", sorted(text for text in catalogue("zh") if counts_of(text)))
def test_one_of_it_stands_in_the_singular(text: str):
    said = in_number(text, dict.fromkeys(counts_of(text), 1))
    assert not any(f"}} {plural}" in said for plural in SINGULARS if f"}} {plural}" in text)
    assert said.count("{") == text.count("{")


@pytest.mark.parametrize(
    ("text", "params", "said"),
    [
        ("{n} moves", {"n": 1}, "1 move"),
        ("{n} moves", {"n": "1"}, "1 move"),
        ("{n} moves", {"n": 2}, "2 moves"),
        ("{n} moves", {"n": 0}, "0 moves"),
        ("{n} moves", {"n": "1,001"}, "1,001 moves"),
        ("{count} communities have residents but no estates: {names}.", {"count": 1, "names": "甲"}, "1 community has"),
        ("{n} teams have to rest: they are ordered shortly before or after.", {"n": 1}, "1 team has to rest"),
        ("{community}: {weak} of {all} grids are weak", {"community": "甲", "weak": 1, "all": 4}, "甲: 1 of 4 grids"),
        ("the teams left within {limit} minutes are needed at home", {"limit": 1}, "the teams left within 1 minute "),
        ("{count} rows hold masks of an export (张**, 138****1234)", {"count": 1}, "1 row holds masks"),
        ("[{community}] receives {teams} teams, {people} people", {"community": "甲", "teams": 1, "people": 1},
         "[甲] receives 1 team, 1 person"),
    ],
)  # fmt: skip
def test_a_sentence_is_said_in_number(english, text, params, said):
    assert translate(text, **params).startswith(said)


def test_chinese_has_no_number():
    assert translate("{n} moves", n=1) == "1 项调配"


def test_a_unit_behind_one_is_in_the_singular(english):
    assert (unit_words("1", "rows"), unit_words("2", "rows"), unit_words("1", "行")) == ("row", "rows", "行")
