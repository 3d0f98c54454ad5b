"""Identity numbers, telephone numbers, masks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.people import (
    check_character,
    hash_identity,
    mask_identity,
    mask_name,
    mask_phone,
    mask_text,
    normal_identity,
    normal_name,
    normal_phone,
    person_code,
)

SALT = b"s" * 32


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_are_right(number: str) -> None:
    # GB 11643-1999, 5.3: the two numbers printed there.
    assert normal_identity(number) == number


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("110105 19491231 002x", "11010519491231002X"),
        ("'11010519491231002X", "11010519491231002X"),
        ("110105491231002", "11010519491231002X"),
        ("110105194912310021", None),
        ("11010519491331002X", None),
        ("110105194912310", None),
        ("4.40524E+17", None),
        ("", None),
    ],
)
def test_identity_numbers_are_read_leniently_and_checked_strictly(stated: str, expected: str | None) -> None:
    assert normal_identity(stated) == expected


@given(st.text("0123456789", min_size=3, max_size=3), st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(sequence: str, place: int, step: int) -> None:
    first = f"44011419900101{sequence}"
    number = first + check_character(first)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert normal_identity(number) == number
    assert normal_identity(wrong) is None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("86-13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("13812345678/13912345678", "13812345678"),
        ("无；13912345678", "13912345678"),
        ("020-36898888", "020-36898888"),
        ("（020）3689 8888", "020-36898888"),
        ("0763-3368888", "0763-3368888"),
        ("020-36898888-12", "020-36898888-12"),
        ("020-36898888转12", "020-36898888-12"),
        ("36898888", "36898888"),
        ("400-8001234", "4008001234"),
        ("+86-20-87654321", "020-87654321"),
        ("0086 763 3234567", "0763-3234567"),
        ("020—87654321", "020-87654321"),
        ("020–8765‑4321", "020-87654321"),
        ("（020）8765 4321转12", "020-87654321-12"),
        ("020-87654321 分机12", "020-87654321-12"),
        ("13800000014.0", "13800000014"),
        ("+86 138-0000-0014", "13800000014"),
        ("手机：138 0000 0014", "13800000014"),
        ("020-87654321、87654322", "020-87654321"),
        ("13800000018 13800000019", "13800000018"),
        ("138 0000 0018 / 139", "13800000018"),
        ("13800000018或13800000019", "13800000018"),
        ("+852 61234567", None),
        ("00852 61234567", None),
        ("1381234567", None),
        ("12812345678", None),
        ("138123456789", None),
        ("1.38123E+10", None),
        ("无", None),
        ("", None),
    ],
)
def test_telephone_numbers_are_brought_to_one_form(stated: str, expected: str | None) -> None:
    assert normal_phone(stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("张 伟", "张伟"),
        ("阿里木•江", "阿里木·江"),
        ("阿里木 ‧ 江", "阿里木·江"),
        ("阿里木．江", "阿里木·江"),
        ("Anna Li", "Anna Li"),
        ("J. 王", "J. 王"),
    ],
)
def test_names_are_brought_to_one_form(stated: str, expected: str) -> None:
    assert normal_name(stated) == expected
    assert normal_name(expected) == expected


@given(st.text("0123456789-+ ()/转、", max_size=24))
def test_a_normal_number_is_normal(stated: str) -> None:
    phone = normal_phone(stated)
    assert phone is None or normal_phone(phone) == phone


def test_the_hash_depends_on_the_salt_and_does_not_show_the_number() -> None:
    number = "11010519491231002X"
    assert hash_identity(number, salt=SALT) == hash_identity(number, salt=SALT)
    assert hash_identity(number, salt=SALT) != hash_identity(number, salt=b"t" * 32)
    assert number not in hash_identity(number, salt=SALT)


def test_a_person_is_known_by_identity_before_name_and_phone() -> None:
    known = hash_identity("11010519491231002X", salt=SALT)
    by_identity = person_code(identity_hash=known, name="甲", phone="13812345678", salt=SALT)
    assert by_identity == person_code(identity_hash=known, name="乙", phone=None, salt=SALT)
    by_phone = person_code(identity_hash=None, name="甲", phone="13812345678", salt=SALT)
    assert by_phone not in {by_identity, None}
    assert person_code(identity_hash=None, name="甲", phone=None, salt=SALT) is None


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_name("张三"), "张*"),
        (mask_name(""), ""),
        (mask_phone("13812345678"), "138****5678"),
        (mask_phone("020-36898888"), "020*****8888"),
        (mask_phone("12345"), "***45"),
        (mask_identity("11010519491231002X"), "110***************"),
        (mask_text("花都区新雅街道云港花园3栋502房"), "花都区新******"),
    ],
)
def test_masks(masked: str, expected: str) -> None:
    assert masked == expected
