"""One voice: the same moment, window and count is said alike by pages, files and commands."""

import doctest
from datetime import datetime

import pytest

from services import wording
from services.i18n import use_language
from services.rules.windows import Window

EVENING = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))
WEEKEND = Window(datetime(2026, 11, 28), datetime(2026, 11, 30))
NIGHT = Window(datetime(2026, 12, 31, 22, 30), datetime(2027, 1, 1, 6))


def test_examples_in_docstrings_are_true():
    assert doctest.testmod(wording).failed == 0


@pytest.mark.parametrize(
    ("window", "language", "short", "full", "spoken"),
    [
        (EVENING, "zh", "11-27 周五 20:00–24:00", "2026-11-27 周五 20:00–24:00", "11 月 27 日（周五）20:00–24:00"),
        (EVENING, "en", "11-27 Fri 20:00–24:00", "2026-11-27 Fri 20:00–24:00", "Nov 27 (Fri) 20:00–24:00"),
        (
            WEEKEND,
            "zh",
            "11-28 周六 00:00 – 11-29 周日 24:00",
            "2026-11-28 周六 00:00 – 2026-11-29 周日 24:00",
            "11 月 28 日（周六）00:00 – 11 月 29 日（周日）24:00",
        ),
        (
            NIGHT,
            "zh",
            "12-31 周四 22:30 – 01-01 周五 06:00",
            "2026-12-31 周四 22:30 – 2027-01-01 周五 06:00",
            "12 月 31 日（周四）22:30 – 1 月 1 日（周五）06:00",
        ),
    ],
)
def test_a_window_is_said_in_three_lengths(window, language, short, full, spoken):
    use_language(language)
    said = (wording.short_window(window), wording.full_window(window), wording.spoken_window(window))
    assert said == (short, full, spoken)


def test_a_moment_is_said_in_two_lengths():
    moment = datetime(2026, 1, 5, 7, 3, 59)
    assert (wording.short_time(moment), wording.full_time(moment)) == ("01-05 07:03", "2026-01-05 07:03")


@pytest.mark.parametrize(("ratio", "words"), [(None, "–"), (0.996, "99%"), (1.0, "100%"), (1.234, "123%")])
def test_less_than_all_is_never_a_hundred_per_cent(ratio, words):
    assert wording.percent(ratio) == words
