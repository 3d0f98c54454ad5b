"""Words of an entry that were understood, and what stands beside them."""

import pytest

from services.rules.roster.sign_up.entries import read_entries
from services.rules.roster.sign_up.lines import parse
from services.rules.roster.sign_up.sign_ups import EntryDecision, WordKind
from services.rules.roster.sign_up.words import find_unread
from tests.services.rules.roster.test_sign_up_entries import chain_of, make_ground

PERSON, SHIFT, ANSWER = WordKind.PERSON, WordKind.SHIFT, WordKind.ANSWER


def read(entry, decision=None):
    (sign_up,) = read_entries(parse(chain_of(entry)), make_ground(), {0: decision} if decision else {}).sign_ups
    return sign_up


def words_of(sign_up):
    return [(sign_up.text[word.start : word.end], word.kind) for word in sign_up.words]


@pytest.mark.parametrize(
    ("entry", "words", "unread"),
    [
        ("李娜 8-10", [("李娜", PERSON), ("8-10", SHIFT)], []),
        ("王芳 A3、A4 +1", [("王芳", PERSON), ("A3", SHIFT), ("A4", SHIFT), ("+1", ANSWER)], []),
        ("王芳 北门 8-10 我带水", [("王芳", PERSON), ("北门", SHIFT), ("8-10", SHIFT)], ["我带水"]),
        ("张伟 8-10", [("8-10", SHIFT)], ["张伟"]),
        ("张伟 财政局 8-10", [("张伟", PERSON), ("财政局", PERSON), ("8-10", SHIFT)], []),
        ("大螃蟹 8-10", [("8-10", SHIFT)], ["大螃蟹"]),
        ("李娜 14-16", [("李娜", PERSON)], ["14", "16"]),
        ("李娜 周六", [("李娜", PERSON), ("周六", SHIFT)], []),
        ("赵敏取消", [("赵敏", PERSON), ("取消", ANSWER)], []),
        ("李娜 13812345678 8-10", [("李娜", PERSON), ("8-10", SHIFT)], ["138****5678"]),
    ],
)
def test_what_is_sure_is_understood_and_the_rest_stands_beside_it(entry, words, unread):
    sign_up = read(entry)
    assert words_of(sign_up) == words
    assert find_unread(sign_up.text, sign_up.words) == unread


def test_a_name_that_was_chosen_by_hand_is_understood():
    sign_up = read("张伟 8-10", EntryDecision(person="Z1"))
    assert words_of(sign_up) == [("张伟", PERSON), ("8-10", SHIFT)]


def test_no_word_lies_over_another_and_all_are_in_the_text():
    sign_up = read("李娜（李娜）周六上午8-10、10-12 都来")
    ends = [0, *(word.end for word in sign_up.words)]
    assert all(end <= word.start < word.end for end, word in zip(ends, sign_up.words, strict=False))
    assert ends[-1] <= len(sign_up.text)
