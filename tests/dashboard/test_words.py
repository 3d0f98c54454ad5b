"""What people read: windows, changes, balances; and that text stays text."""

import re
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit.widgets import plain
from dashboard.kit.words import balance_words
from services.i18n import use_language
from services.rules.windows import Window
from services.wording import number, short_window


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2026, 11, 27, 20), (2026, 11, 28, 0), "11-27 周五 20:00–24:00"),
        ((2026, 11, 27, 8), (2026, 11, 27, 12), "11-27 周五 08:00–12:00"),
        ((2026, 11, 28, 8), (2026, 11, 29, 22), "11-28 周六 08:00 – 11-29 周日 22:00"),
        ((2026, 11, 28, 0), (2026, 11, 30, 0), "11-28 周六 00:00 – 11-29 周日 24:00"),
    ],
)
def test_a_window_is_said_without_saying_a_day_twice(start, end, words):
    assert short_window(Window(datetime(*start), datetime(*end))) == words


def test_a_figure_nobody_knows_is_a_dash():
    assert number(float("nan")) == "–"


@pytest.mark.parametrize(
    ("need", "met", "surplus", "status", "words"),
    [
        (2.0, 0.8, 0.0, "weak", "缺 1.2 人"),
        (24.0, 21.3, 0.0, "weak", "缺 3 人"),
        (2.0, 2.0, 2.9, "spare", "富余 2.9 人"),
        (2.0, 2.0, 0.4, "enough", "刚好够"),
        (0.0, 0.0, 3.0, "no_need", "无需求"),
    ],
)
def test_a_balance_is_told_as_it_is_rounded_everywhere(need, met, surplus, status, words):
    row = pd.Series({"need": need, "met": met, "surplus": surplus, "status": status})
    assert balance_words(row) == words


def test_english_is_complete():
    use_language("en")
    assert short_window(Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))) == "11-27 Fri 20:00–24:00"


@pytest.mark.parametrize("given_text", ["http://a.example", "见HTTPS://a.example/x", "www.a.example", "a@b.example"])
def test_an_address_in_plain_text_is_one_that_becomes_no_link(given_text):
    shown = plain(given_text).replace("\\", "")
    assert shown.replace("\u2060", "") == given_text
    assert not re.search(r"https?://[-.\w]|www\.|@[-\w]", shown, re.IGNORECASE)


@given(st.text())
def test_plain_text_has_no_bare_punctuation_and_one_line(given_text):
    shown = plain(given_text)
    assert "\n" not in shown
    unescaped = shown.replace("\\\\", "")
    for mark in "`*_[]()<>$!#|~:&":
        assert f"{mark}" not in unescaped.replace(f"\\{mark}", "")
