"""Masks, small numbers and reasons."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.actions import Role
from services.rules.privacy import (
    clean_reason,
    hide_few_members,
    hide_numbers,
    mask_address,
    may_see_contact,
    sees_small_counts,
)
from services.rules.roles import Actor
from services.wording import people_text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("H区云港花园3栋502", "H区云港花园***"),
        ("云港花园三号楼二单元", "云港花园***"),
        ("云港花园 ３ 幢 502房", "云港花园***"),
        ("紫薇路12号云港花园3栋502", "紫薇路12号云港花园***"),
        ("紫薇路12号", "紫薇路***"),
        ("和平路88号大院3-501", "和平路88号大院***"),
        ("东方雅苑B座1204", "东方雅苑***"),
        ("张村一组五号张三家", "张村一组***"),
        ("十八里村", "十八里村"),
        ("", ""),
    ],
)
def test_an_address_is_shown_down_to_the_estate(address, shown):
    assert mask_address(address) == shown


@given(
    st.text("云港花园小区路村张三", max_size=12), st.integers(1, 9999), st.text("栋单元号室层", min_size=1, max_size=1)
)
def test_no_number_of_a_home_is_left(estate, number, counter):
    assert str(number) not in mask_address(f"{estate}{number}{counter}")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("13812345678", "138****5678"),
        ("440114198801017773", "440***********7773"),
        ("G440114001001", "G440114001001"),
        ("1132.5", "1132.5"),
    ],
)
def test_personal_numbers_are_masked_wherever_they_stand(said, shown):
    assert hide_numbers(f"甲 {said}，乙") == f"甲 {shown}，乙"


def test_one_and_two_are_not_told():
    assert [people_text(n) for n in (0, 1, 2, 3, np.nan)] == ["0", "<3", "<3", "3", "–"]


def test_a_table_does_not_tell_few_members_by_their_density_either():
    table = pd.DataFrame({"members": [0.0, 2, 3], "density_per_1000": [0.0, 4, 6], "supply": [0.0, 1, 2]})
    hidden = hide_few_members(table)
    assert hidden.isna().sum().to_dict() == {"members": 1, "density_per_1000": 1, "supply": 0}
    assert table["members"].tolist() == [0, 2, 3]


def test_who_looks_after_people_is_told_exactly_and_who_sends_them_knows_whom_to_call():
    exact = {role for role in Role if sees_small_counts(Actor("a", role))}
    assert exact == {Role.PLANNER, Role.SECRETARY}
    strangers = {role for role in Role if not may_see_contact(Actor("a", role))}
    assert strangers == {Role.SCREEN, Role.ADMINISTRATOR}


def test_a_reason_keeps_codes_instead_of_names_and_numbers():
    assert clean_reason("张三 13812345678 找不到", codes={"张三": "P1"}) == "P1 *** 找不到"
