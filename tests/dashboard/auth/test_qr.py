"""The square for telephones: its path is drawn back into modules and read as a camera's program would."""

import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web.auth.qr import QUIET, draw_code
from services import accounts

STRETCH = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def modules(drawn):
    """Return the square that a path fills: rows of 0 and 1, the quiet zone included."""
    rows = [bytearray(drawn.size) for _ in range(drawn.size)]
    for x, y, there, back in STRETCH.findall(drawn.path):
        assert there == back
        rows[int(y)][int(x) : int(x) + int(there)] = b"\1" * int(there)
    return [bytes(row) for row in rows]


@given(st.text(min_size=1, max_size=200))
def test_what_is_drawn_is_the_code_of_the_text(said):
    drawn = draw_code(said)
    assert "".join(found.group() for found in STRETCH.finditer(drawn.path)) == drawn.path
    inner = [row[QUIET:-QUIET] for row in modules(drawn)[QUIET:-QUIET]]
    assert inner == [bytes(row) for row in segno.make_qr(said, error="m").matrix]


def test_around_it_all_is_light():
    square = modules(draw_code("otpauth://totp/gridmuster"))
    edge = [*square[:QUIET], *square[-QUIET:], *(row[:QUIET] + row[-QUIET:] for row in square)]
    assert not any(map(any, edge))


@pytest.mark.parametrize("name", ["lan", "z" * 32])
def test_the_address_of_a_second_factor_fits_a_code_that_a_telephone_reads(name):
    modules_wide = draw_code(accounts.begin_totp(name)).size - 2 * QUIET
    assert modules_wide <= 49
