"""Which words of an entry were understood, and as what: for whoever reads what became of it."""

import re
from collections.abc import Iterator
from typing import Final

from services.rules.roster.sign_up.answers import ANSWER_WORDS
from services.rules.roster.sign_up.drafts import Draft
from services.rules.roster.sign_up.names import How, hide_phones, is_told
from services.rules.roster.sign_up.sign_ups import UnderstoodWord, WordKind
from services.rules.roster.sign_up.times import Timetable, find_days

_ANSWER: Final = re.compile(ANSWER_WORDS)
_HIDDEN_PHONE: Final = re.compile(r"\d{3}\*{4}\d{4}")
_GAP: Final = ";"
"""What stands for a word that was read: no blank, of which patterns of times take any number."""
_WORD: Final = re.compile(r"[^\s,.;:()【】\[\]+、/|_—-]+")


def find_words(draft: Draft, timetable: Timetable) -> tuple[UnderstoodWord, ...]:
    """Return the words that were understood, in order, none over another.

    Who it is counts where that is sure, hours and posts where it is sure which shifts they say. Places are code points
    of ``Draft.kept_text``.
    """
    words: list[UnderstoodWord] = []
    rest = _HIDDEN_PHONE.sub(lambda phone: _GAP * len(phone[0]), draft.kept_text)
    for find in (_find_person, _find_shifts, _find_answers):
        found = list(find(draft, timetable, rest))
        for word in found:
            rest = _blank(rest, word.start, word.end)
        words += found
    return tuple(sorted(words, key=lambda word: word.start))


def find_unread(words: str, understood: tuple[UnderstoodWord, ...]) -> list[str]:
    """Return the words of an entry that stand beside those that were understood."""
    for word in understood:
        words = _blank(words, word.start, word.end)
    return [word for word in _WORD.findall(words) if any(char.isalnum() for char in word)]


def _blank(words: str, start: int, end: int) -> str:
    return f"{words[:start]}{_GAP * (end - start)}{words[end:]}"


def _find_person(draft: Draft, _timetable: Timetable, words: str) -> Iterator[UnderstoodWord]:
    person, name = draft.person, hide_phones(draft.match.name)
    if person is None:
        return
    if name and (start := words.find(name)) >= 0:
        yield UnderstoodWord(start, start + len(name), WordKind.PERSON)
        words = _blank(words, start, start + len(name))
    for phone in _HIDDEN_PHONE.finditer(draft.kept_text) if draft.match.how is How.PHONE else ():
        yield UnderstoodWord(*phone.span(), WordKind.PERSON)
    for word in _WORD.finditer(words):
        if is_told(person, [word[0]]):
            yield UnderstoodWord(*word.span(), WordKind.PERSON)


def _find_shifts(draft: Draft, timetable: Timetable, words: str) -> Iterator[UnderstoodWord]:
    for span in find_days(words) if draft.timing.doubt else timetable.find_words(words):
        yield UnderstoodWord(*span, WordKind.SHIFT)


def _find_answers(_draft: Draft, _timetable: Timetable, words: str) -> Iterator[UnderstoodWord]:
    for answer in _ANSWER.finditer(words):
        yield UnderstoodWord(*answer.span(), WordKind.ANSWER)
