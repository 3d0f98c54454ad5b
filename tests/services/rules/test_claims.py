"""Responsibility areas: buildings are read, nothing finer is, and nobody takes care of more than there is."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.i18n import translate
from services.rules.claims import (
    MOST_BLOCKS,
    BlocksError,
    BlocksHeldError,
    ClaimReasonError,
    HouseholdCountError,
    ManyHouseholdsError,
    block_ranges,
    check_free,
    check_households,
    check_load,
    clean_claim_reason,
    find_held,
    read_blocks,
)
from services.rules.free_text import PersonInTextError, check_no_person

BLOCKS = st.sets(st.integers(1, 99), min_size=1, max_size=MOST_BLOCKS)
HAN = "零一二三四五六七八九"
PAYLOADS = [
    *(
        "3栋502",
        "3栋502、4栋",
        "3栋、502",
        "3-502",
        "3-502栋",
        "3-1-502",
        "3栋-502",
        "3栋5楼",
        "3栋1单元",
        "3栋1单元502",
    ),
    *("三栋五零二", "３栋５０２", "3栋 502", "3栋502室", "502", "502室", "12号", "3号", "3栋A座", "A栋", "3#502"),
    *("张三", "3栋张三", "张奶奶 3栋", "3栋（王女士）", "3栋 李四", "户主 3栋", "13800000000", "3栋13800000000"),
    *("3栋 138 0000 0000", "12345栋", "1203栋", "440524188001010014", "3栋一三八零零零零", "3栋;rm", "=1+1栋"),
    *(
        "",
        " ",
        "栋",
        "0栋",
        "全部",
        "-5栋",
        "3-栋",
        "3--4--5栋",
        "101、102栋",
        "1-99栋",
        "3栋\u200b502",
        "十十栋",
        "block 3栋502",
        "block 3-502",
        "3 block",
        "block",
    ),
]
REASONS = [
    *("张奶奶要人照顾", "王女士说的", "李师傅家", "3栋502住户多", "3-502", "502室", "2单元人多", "12号院", "五楼的人"),
    *("13800000000", "138 0000 0000", "138-0000-0000", "一三八零零零零零零零零", "１３８００００００００", "号 12345"),
    *("微信 abc", "a@b.cn", "身份证在我这", "户主不在", "姓名见册", "4405 2418 8001 0100 14", "3栋-2", "B室"),
]


@pytest.mark.parametrize(
    ("words", "blocks"),
    [
        ("3-5栋", (3, 4, 5)),
        ("3、4、5栋", (3, 4, 5)),
        ("三至五栋", (3, 4, 5)),
        ("3栋4栋", (3, 4)),
        ("３－５栋", (3, 4, 5)),
        ("3 - 5 栋", (3, 4, 5)),
        ("3～5幢", (3, 4, 5)),
        ("3栋到5栋", (3, 4, 5)),
        ("第3栋和第5栋", (3, 5)),
        ("3，5，8号楼", (3, 5, 8)),
        ("3 5 8栋", (3, 5, 8)),
        ("5-3栋", (3, 4, 5)),
        ("三栋、四栋", (3, 4)),
        ("十至十二栋", (10, 11, 12)),
        ("二十三座", (23,)),
        ("101-103栋、8栋", (8, 101, 102, 103)),
        ("3-5栋、4栋", (3, 4, 5)),
        ("blocks 3-5, 8", (3, 4, 5, 8)),
        ("Building 3", (3,)),
    ],
)
def test_buildings_are_read_as_people_write_them(words, blocks):
    assert read_blocks(words) == blocks


@pytest.mark.parametrize("words", PAYLOADS)
def test_rooms_names_and_numbers_are_refused_with_one_sentence(words):
    with pytest.raises(BlocksError) as refusal:
        read_blocks(words)
    assert translate(refusal.value.text).startswith("只写到楼栋，如 3-5栋")


@given(BLOCKS)
def test_what_is_written_of_buildings_is_read_back(blocks):
    assert read_blocks(f"{block_ranges(blocks)}栋") == tuple(sorted(blocks))


@given(BLOCKS)
def test_full_width_and_chinese_digits_mean_the_same(blocks):
    words = "、".join(map(str, sorted(blocks)))
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in words)
    assert unicodedata.normalize("NFKC", wide) == words
    spelt = "、".join("".join(HAN[int(digit)] for digit in str(number)) for number in sorted(blocks))
    assert read_blocks(f"{wide}栋") == read_blocks(f"{spelt}栋") == tuple(sorted(blocks))


@given(st.text("0123456789三五十零栋幢号楼座室单元-至、, 张", max_size=14))
@example("3栋五零二、4栋")
def test_whatever_is_written_gives_few_whole_buildings_or_the_one_refusal(words):
    try:
        blocks = read_blocks(words)
    except BlocksError:
        return
    assert 0 < len(blocks) <= MOST_BLOCKS
    assert all(0 < number < 1000 for number in blocks)
    assert not set(words) & set("室单元张")


@given(st.integers(1, 99), st.integers(1, 9999))
def test_a_number_right_behind_a_building_is_never_read(block, room):
    for words in (f"{block}栋{room}", f"{block}栋{room}、9栋", f"{block}栋-{room}", f"8栋、{block}栋{room}"):
        with pytest.raises(BlocksError):
            read_blocks(words)


def test_buildings_that_somebody_has_are_refused_by_number():
    with pytest.raises(BlocksHeldError) as refusal:
        check_free(read_blocks("5栋"), [read_blocks("3-5栋")])
    assert "5栋已有人认领" in translate(refusal.value.text)
    check_free(read_blocks("6栋"), [read_blocks("3-5栋")])


@given(BLOCKS, st.lists(BLOCKS, max_size=4))
def test_held_are_those_and_only_those_that_another_claim_names(blocks, others):
    held = find_held(blocks, others)
    assert set(held) == {number for number in blocks if any(number in other for other in others)}


def test_households_claimed_are_no_more_than_there_are():
    check_households(120, 0, 347)
    check_households(227, 120, 347)
    check_households(5000, 120, None)
    with pytest.raises(ManyHouseholdsError) as refusal:
        check_households(228, 120, 347)
    assert "347" in translate(refusal.value.text)
    with pytest.raises(HouseholdCountError):
        check_households(0, 0, None)


@given(st.lists(st.integers(1, 60), max_size=12), st.integers(1, 400))
def test_claims_that_passed_one_after_the_other_never_add_up_to_more(claims, known):
    total = 0
    for households in claims:
        try:
            check_households(households, total, known)
        except ManyHouseholdsError:
            assert total + households > known
        else:
            total += households
    assert total <= known


def test_more_than_sixty_households_for_one_person_take_a_reason():
    check_load(60, 60, "")
    check_load(61, 60, "人手不够，暂时代管")
    for reason in ("", "哈哈哈哈", "1"):
        with pytest.raises(ClaimReasonError):
            check_load(61, 60, reason)


@pytest.mark.parametrize("words", REASONS)
def test_a_reason_in_which_a_resident_may_stand_is_refused(words):
    with pytest.raises(PersonInTextError) as refusal:
        clean_claim_reason(words)
    assert translate(refusal.value.text).startswith("这里不写姓名")


@pytest.mark.parametrize("words", ["人手不够，暂时代管 3-5栋", "新来的党员未到，月底前代管", "物业 3 人协助", ""])
def test_plain_reasons_pass(words):
    check_no_person(words)
    assert clean_claim_reason(f" {words}\n") == words
