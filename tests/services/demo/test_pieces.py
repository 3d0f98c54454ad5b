import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.demo.cutting import Piece, carve, cut, partition
from services.demo.land import share_out
from services.demo.people import numeral, write_address

SQUARE = shapely.box(0, 0, 4000, 3000)


def piece(seed):
    return Piece(SQUARE, np.random.default_rng(seed).uniform((0, 0), (4000, 3000), (4000, 2)))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.2, 0.8))
def test_a_cut_gives_each_side_its_share_and_loses_nothing(seed, share):
    left, right, border = cut(piece(seed), share, np.random.default_rng(seed), bend=0.07)
    assert left.polygon.area + right.polygon.area == pytest.approx(SQUARE.area)
    assert left.polygon.intersection(right.polygon).area == pytest.approx(0, abs=1e-6)
    assert len(left.points) / 4000 == pytest.approx(share, abs=0.02)
    assert shapely.distance(left.polygon, border) == 0 == shapely.distance(right.polygon, border)


def test_a_partition_keeps_the_order_of_its_shares():
    pieces, cuts = partition(piece(1), [1, 2, 5], np.random.default_rng(1), bend=0.05)
    assert [len(p.points) / 4000 for p in pieces] == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=0.02)
    assert [c.depth for c in cuts] == [0, 1]


def test_carving_gives_the_area_asked_for():
    part, rest, _ = carve(piece(2), 2e6, np.random.default_rng(2), bend=0.05, measure=shapely.area)
    assert part.polygon.area == pytest.approx(2e6, rel=0.003)
    assert part.polygon.area + rest.polygon.area == pytest.approx(SQUARE.area)


@given(
    total=st.integers(50, 10_000),
    weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=20),
    minimum=st.integers(0, 2),
)
def test_shares_are_whole_and_add_up(total, weights, minimum):
    shares = share_out(total, np.array(weights), minimum)
    exact = np.array(weights) / sum(weights) * (total - minimum * len(weights)) + minimum
    assert shares.sum() == total
    assert (np.abs(shares - exact) < 1).all()


@pytest.mark.parametrize(("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (36, "三十六")])
def test_numerals(number, written):
    assert numeral(number) == written


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (0, "雅瑶社区云港花园3栋502"),
        (1, "云港花园 3 幢 502房"),
        (2, "港云花园三号楼"),
        (3, "H区雅瑶社区云港花园3座502室"),
        (4, "云港花园３栋５０２"),
        (5, "雅瑶社区 云港花园3-502"),
        (-1, None),
    ],
)
def test_addresses_are_written_as_people_write_them(style, written):
    assert write_address(style, "雅瑶社区", "云港花园", 3, 502) == written
