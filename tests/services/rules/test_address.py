"""Addresses as people write them find their estate; a doubt stays a doubt."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.rules.address import AddressBook, EstateName, Gazetteer, decide, estate_part, normalise, similarity

BOOK = AddressBook(
    Gazetteer(
        estates=[
            EstateName("E1", "云港花园", "雅瑶社区云港路12号", "C1"),
            EstateName("E2", "港湾花园", "雅瑶社区云港路112号", "C1"),
            EstateName("E3", "云港花园", "凤凰路3号", "C2"),
            EstateName("E4", "雅瑶新村", "", "C1"),
            EstateName("E5", "一品天下", "", "C3"),
            EstateName("E6", "云港花园二期", "", "C1"),
        ],
        communities={"C1": "雅瑶社区", "C2": "凤凰社区", "C3": "合和社区"},
        wider=["H区", "雅瑶街道"],
    )
)


def decided(address, community_code=""):
    answer = BOOK.find(address, community_code)
    assert answer == decide(BOOK.candidates(address, community_code))
    return answer and answer.code


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("云港花园 ３ 幢 502房", "云港花园3栋502房"),
        ("港云花园三号楼", "港云花园3栋"),
        ("云港花园十二栋", "云港花园12栋"),
        ("云港花园二十三号楼（北）", "云港花园23栋北"),
        ("二〇三室", "203室"),
        ("一品天下", "一品天下"),
        ("", ""),
    ],
)
def test_spellings_of_one_thing_become_one(written, normal):
    assert normalise(written) == normal


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("云港花园3栋502", "云港花园"),
        ("广东省广州市H区云港花园3栋502", "云港花园"),
        ("云港花园A座1201", "云港花园"),
        ("云港花园二期5栋", "云港花园2期"),
        ("云港花园502", "云港花园"),
    ],
)
def test_building_room_and_administration_are_left_out(address, part):
    assert estate_part(address) == part


@pytest.mark.parametrize(
    ("address", "community", "code"),
    [
        ("雅瑶社区云港花园3栋502", "", "E1"),
        ("云港花园 3 幢 502房", "C2", "E3"),
        ("港云花园三号楼", "C2", "E3"),
        ("H区雅瑶街道雅瑶社区云港路12号501房", "", "E1"),
        ("云港路112号", "C1", "E2"),
        ("云港花园二期5栋", "C1", "E6"),
        ("雅瑶新村二巷3号", "C1", "E4"),
        ("一品天下A座", "", "E5"),
    ],
)
def test_an_address_finds_its_estate(address, community, code):
    assert decided(address, community) == code


@pytest.mark.parametrize(
    ("address", "community"),
    [
        ("云港花园 3 幢 502房", ""),  # two communities have one
        ("一品天下十二栋", "C1"),  # it stands in another community than the one stated
        ("云港小区3栋", "C1"),
        ("不知道", "C1"),
        ("", "C1"),
    ],
)
def test_a_doubtful_address_is_left_to_a_person(address, community):
    assert decided(address, community) is None


def test_a_doubtful_address_brings_at_most_three_candidates_best_first():
    candidates = BOOK.candidates("云港花园3栋")
    assert [c.code for c in candidates] == ["E1", "E3", "E6"]
    assert candidates[0].score == candidates[1].score == 1


def test_the_community_in_the_address_goes_before_the_one_stated():
    assert decided("凤凰社区云港花园1栋", "C1") == "E3"


@example("号楼楼")
@example("十十号")
@given(st.text("云港花园路号楼栋幢座期一二十零〇0123Ab３Ｂ　 ，,（）()-#"))
def test_any_address_is_normalised_once_and_for_all(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_similarity_lies_between_none_and_same(left, right):
    assert 0 <= similarity(left, right) <= 1
    assert (similarity(left, right) == 1) == (left == right)


@given(st.text(max_size=30))
def test_any_address_is_answered(address):
    assert len(BOOK.candidates(address)) <= 3
