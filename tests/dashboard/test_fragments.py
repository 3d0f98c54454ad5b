"""What Streamlit draws again on its own speaks the language of its page."""

import re
from contextvars import Context
from pathlib import Path

import pytest

from dashboard.streamlit.fragments import keep_language
from services.i18n import LANGUAGES, current_language, use_language

DASHBOARD = Path(__file__).parents[2] / "dashboard"
DRAWN_LATER = re.compile(r"st\.(?:dialog|fragment)\b.*")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_piece_drawn_later_without_the_frame_speaks_the_language_it_was_made_in(language):
    def draw() -> str:
        return current_language()

    def make():
        use_language(language)
        return keep_language(draw)

    piece = Context().run(make)
    assert Context().run(piece) == language


def test_every_dialog_and_fragment_keeps_its_language():
    texts = {path.name: path.read_text(encoding="utf-8") for path in DASHBOARD.rglob("*.py")}
    pieces = [(name, line) for name, written in texts.items() for line in DRAWN_LATER.findall(written)]
    assert len(pieces) > 5
    silent = [piece for piece in pieces if "keep_language" not in piece[1] and "use_language" not in texts[piece[0]]]
    assert silent == []
