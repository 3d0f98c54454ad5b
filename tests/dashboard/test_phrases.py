"""What Streamlit says in English by itself has our words, and Streamlit still says it."""

import re
from pathlib import Path

import pytest
import streamlit

from dashboard.map.bridge import COMPONENT
from dashboard.streamlit.phrases import PHRASES, phrases
from services.i18n import use_language

COMPOSED = {"# option available.", "# options available.", "Press Enter to apply", "Press Enter to submit form"}
"""Put together of several pieces, so that they do not stand in one place."""
STATIC = Path(streamlit.__file__).parent / "static" / "static" / "js"


@pytest.fixture(scope="module")
def files():
    return "\n".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))


@pytest.mark.parametrize("phrase", PHRASES)
def test_streamlit_still_says_it(phrase, files):
    """If this fails, Streamlit says it no more, and the line in ``PHRASES`` may go."""
    if phrase == COMPONENT.name:
        return
    parts = [part.strip(" ,") for part in re.split("[#@]", phrase)]
    assert all(part in files or phrase in COMPOSED for part in parts)
    assert all(re.search(rf"[`}} ]{re.escape(word)}[`,:$ ]", files) for part in parts for word in part.split()), phrase


def test_streamlit_has_no_words_for_its_own_phrases(files):
    """If this fails, Streamlit can be told a language, and ``PHRASES`` may go."""
    assert "展开侧边栏" not in files
    assert not [name for name in streamlit.config.get_config_options() if "locale" in name or "language" in name]


def test_every_phrase_has_words_of_ours_in_both_languages():
    use_language("en")
    english = phrases()
    use_language("zh")
    chinese = phrases()
    assert english.keys() == chinese.keys()
    assert not [words for words in chinese.values() if re.search("[A-Za-z]", re.sub("Enter|Esc", "", words))]
    marks = [(phrase.count("#"), phrase.count("@")) for phrase in chinese]
    assert marks == [(words.count("#"), words.count("@")) for words in chinese.values()]
