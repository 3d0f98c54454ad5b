"""What counts as a reason."""

import pytest

from services.i18n import LANGUAGES, translate, use_language
from services.rules.privacy import USUAL_REASONS, is_reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", USUAL_REASONS, ids=str)
def test_every_usual_reason_is_one_in_every_language(language, reason):
    use_language(language)
    assert is_reason(translate(reason))


@pytest.mark.parametrize("said", ["走访", "电话通知今晚值守", "ｃａｌｌ ｈｉｍ", "联系M1 ***", "走访走访"])
def test_words_are_a_reason(said):
    assert is_reason(said)


@pytest.mark.parametrize(
    "said", ["", " ", "x", "xx", "看", "看看", "哈哈哈哈哈", "test", "aa aa aa", "123", "。。", "M1 ***"]
)
def test_letters_signs_and_one_word_over_and_over_are_none(said):
    assert not is_reason(said)
