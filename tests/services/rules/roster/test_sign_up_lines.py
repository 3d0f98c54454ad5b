"""A pasted chain falls into its parts."""

import json
import time

import pytest

from services.i18n import translate
from services.rules.roster.sign_up.lines import ChainError, NumberDoubt, fold, parse


@pytest.fixture(scope="module")
def samples(shared_data):
    return {each["id"]: each for each in json.loads((shared_data / "jielong" / "samples.json").read_text("utf-8"))}


def texts(words: str, *posts: str) -> list[str]:
    return [entry.text for entry in parse(words, posts).entries]


def pairs(words: str, *posts: str) -> list[tuple[str, str]]:
    return [(entry.heading, entry.text) for entry in parse(words, posts).entries]


def test_the_morning_has_ten_entries_as_long_as_they_were(samples):
    sample = samples["xml53_morning"]
    lengths = [len(text.encode("utf-16-le")) // 2 for text in texts(sample["text"])]
    replaced_nicknames = {0, 3, 4}
    expected = sample["expect"]["entry_lengths_utf16"]
    assert len(lengths) == sample["expect"]["n_entries"]
    assert [n for k, n in enumerate(lengths) if k not in replaced_nicknames] == [
        n for k, n in enumerate(expected) if k not in replaced_nicknames
    ]


def test_a_room_behind_a_number_is_no_decimal(samples):
    sample = samples["building_room"]
    chain = parse(sample["text"])
    assert [entry.text.split()[0] for entry in chain.entries] == sample["expect"]["names"]
    assert [entry.number for entry in chain.entries] == [1, 2, 3]
    assert chain.remark == sample["expect"]["remark"]
    assert chain.title == "这个是接龙填的名称，简介啥的"
    assert len(chain.example) == 1


def test_a_chain_without_example_has_its_names(samples):
    sample = samples["no_example"]
    assert [text.split()[0] for text in texts(sample["text"])] == sample["expect"]["names"]


def test_numbers_may_have_gaps_and_entries_two_lines(samples):
    sample = samples["csdn_gap"]
    entries = parse(sample["text"]).entries
    assert [entry.number for entry in entries] == sample["expect"]["indices"]
    assert [url in entry.text for url, entry in zip(sample["expect"]["urls"], entries, strict=True)] == [True] * 4


@pytest.mark.parametrize("name", ["header_traditional", "not_header"])
def test_a_header_stands_at_the_beginning_of_a_line(samples, name):
    chain = parse(samples[name]["text"])
    assert chain.has_header == samples[name]["expect"]["is_jielong"]
    assert [entry.text for entry in chain.entries] == ["A"]
    assert bool(chain.notes) != chain.has_header


def test_a_chain_without_header_says_so():
    (note,) = parse("我们来 #接龙 吧\n1. A").notes
    assert translate(note) == "没有以“#接龙”开头的行；仍按编号读出了各条。"


@pytest.mark.parametrize("header", ["#接龙", "＃接龙", "  # 接龙", "#接龍", "#Group Note"])
def test_headers_are_known(header):
    assert parse(f"{header}\n1. 张伟").has_header


def test_what_stands_before_the_header_is_no_title():
    chain = parse("李娜 2026/11/27 20:13\n#接龙 周六值守\n北门\n1. 张伟")
    assert (chain.preamble, chain.title) == ("李娜 2026/11/27 20:13", "周六值守 北门")


def test_of_two_chains_the_last_is_read_and_told():
    chain = parse("#接龙\n1. 张伟\n\n#接龙\n1. 张伟\n2. 李娜")
    assert [entry.text for entry in chain.entries] == ["张伟", "李娜"]
    assert translate(chain.notes[0]) == "文字里有 2 个接龙，只读了最后一个。"


@pytest.mark.parametrize("mark", ["例：", "例如 ", "示例 ", "样例：", "格式：", "例"])
def test_an_example_is_no_entry(mark):
    chain = parse(f"#接龙\n值守\n{mark}\n1. 张三 8-10\n\n1. 张伟 8-10")
    assert [entry.text for entry in chain.entries] == ["张伟 8-10"]
    assert chain.example == [mark.strip(), "1. 张三 8-10"]


def test_an_example_swallows_no_chain_that_has_no_blank_line():
    chain = parse("#接龙\n例：1. 张三 8-10\n1. 张伟 8-10\n2. 李娜 10-12\n\n谢谢")
    assert [entry.text for entry in chain.entries] == ["张伟 8-10", "李娜 10-12"]
    assert (chain.example, chain.remark) == (["例：1. 张三 8-10"], "谢谢")


def test_a_number_alone_is_a_place_kept_free():
    chain = parse("#接龙\n1. 张伟\n2.\n3. ")
    assert (len(chain.entries), chain.blanks) == (1, 2)


@pytest.mark.parametrize("dot", [".", "．", "、", ")", "）", " . "])
def test_numbers_end_in_any_of_their_marks(dot):
    assert texts(f"#接龙\n1{dot}张伟\n２{dot} 李娜") == ["张伟", "李娜"]


@pytest.mark.parametrize(
    "heading", ["【8:00-10:00】", "[北门]", "（早班）", "周六", "20-22", "11月28日 晚上", "北门", "南门岗："]
)
def test_a_heading_stands_above_number_one(heading):
    chain = parse(f"#接龙\n值守\n{heading}\n1. 张伟\n2. 李娜\n【晚】\n1. 王芳", ["北门岗", "南门岗"])
    assert [entry.heading for entry in chain.entries] == [fold(heading), fold(heading), "【晚】"]


def test_numbers_begin_again_below_any_line_that_stands_between():
    assert pairs("#接龙\n1. 张伟\n\n第二组\n1. 李娜") == [("", "张伟"), ("第二组", "李娜")]


def test_a_bracket_below_an_entry_belongs_to_it():
    assert pairs("#接龙\n【早】\n1. 张伟\n（财政局）\n【晚】\n1. 李娜") == [
        ("【早】", "张伟\n(财政局)"),
        ("【晚】", "李娜"),
    ]


def test_a_remark_stands_behind_a_blank_line():
    chain = parse("#接龙\n1. 张伟\n8-10\n\n请准时到岗\n谢谢")
    assert (chain.entries[0].text, chain.remark) == ("张伟\n8-10", "请准时到岗\n谢谢")


def test_a_chain_may_stand_in_one_line():
    chain = parse("#接龙 周六北门值守 1. 张伟 8-10、20-22 2. 李娜 10-12 3.")
    assert [(e.number, e.text) for e in chain.entries] == [(1, "张伟 8-10、20-22"), (2, "李娜 10-12")]
    assert (chain.title, chain.blanks) == ("周六北门值守", 1)


def test_names_may_stand_behind_a_time():
    chain = parse("#接龙\n8:00-10:00：张伟、李娜\n10:00-12:00：王芳 赵敏\n14-16：")
    assert [(e.heading, e.text) for e in chain.entries] == [
        ("8:00-10:00", "张伟"), ("8:00-10:00", "李娜"), ("10:00-12:00", "王芳"), ("10:00-12:00", "赵敏"),
    ]  # fmt: skip
    assert chain.headings[-1] == "14-16"


def test_several_names_before_one_time_are_an_entry_each():
    assert texts("#接龙\n1. 张伟、李娜 8-10\n2. 王芳 8-10、10-12") == ["张伟 8-10", "李娜 8-10", "王芳 8-10、10-12"]


def test_a_line_like_a_time_goes_on_with_the_entry_above():
    chain = parse("#接龙\n值守\n1. 张伟\n8.30-10.30\n2. 李娜 10.30-12.30")
    assert [(e.text, e.doubt) for e in chain.entries] == [("张伟\n8.30-10.30", None), ("李娜 10.30-12.30", None)]


@pytest.mark.parametrize("line", ["28、29号都行", "11.28 8-10"])
def test_a_line_like_a_day_goes_on_with_the_entry_above(line):
    assert texts(f"#接龙\n1. 张伟\n{line}\n2. 李娜") == [f"张伟\n{line}", "李娜"]


def test_a_time_that_may_be_the_next_number_is_in_doubt():
    head = "".join(f"{k}. 张{k}\n" for k in range(1, 8))
    entries = parse(f"#接龙\n{head}8.30-10.30\n9. 李娜").entries
    assert [e.number for e in entries if e.doubt is NumberDoubt.NUMBER_OR_TIME] == [8]


def test_a_number_that_goes_back_is_in_doubt_and_not_lost():
    entries = parse("#接龙\n1. 张伟\n2. 李娜\n2. 王芳\n3. 赵敏").entries
    assert [(e.text, e.doubt) for e in entries][2:] == [("王芳", NumberDoubt.OUT_OF_ORDER), ("赵敏", None)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_any_line_end_is_one(end):
    assert texts(end.join(["#接龙", "值守", "", "1. 张伟", "2. 李娜"])) == ["张伟", "李娜"]


def test_what_cannot_be_seen_is_left_out():
    assert texts("\ufeff#接龙\n\u200f１．\u200b张\u200d伟\u202e　8\ufe0f-10") == ["张伟 8-10"]


def test_dangerous_words_are_plain_text():
    assert texts("#接龙\n1. =cmd|' /C calc'!A0\n2. <script>alert(1)</script>") == [
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
    ]


def test_places_in_the_text_are_code_points_of_what_was_pasted():
    words = "#接龙\r\n🌹值守\r\n1. \u200b张伟 🌹\r\n（财政局）\r\n2. 李娜"
    first, second = parse(words).entries
    assert words[first.start : first.end] == "1. \u200b张伟 🌹\r\n（财政局）"
    assert words[second.start : second.end] == "2. 李娜"


def test_five_hundred_lines_of_60_kb_are_read():
    words = "#接龙\n" + "".join(f"{k}. 张伟{k} 8-10 {'辛苦大家了' * 7}\n" for k in range(1, 501))
    assert 55_000 < len(words.encode()) < 70_000
    assert len(parse(words).entries) == 500


def test_200_kb_are_read_and_more_is_refused_with_a_sentence():
    most = "#接龙\n1. 张伟".encode().ljust(200 * 1024, b"a").decode()
    assert len(parse(most).entries) == 1
    with pytest.raises(ChainError) as refusal:
        parse(most + "a")
    assert translate(refusal.value.text) == "这段文字有 201 KB，最多只能读 200 KB。请只粘贴接龙部分。"


@pytest.mark.parametrize(
    "line", ["例\n", "a\n", "\n", "1.\n", "8-10\n", "1. 张伟 ", "(" * 40, "8:00-10:00：张\n", "-", "8-"]
)
def test_no_text_takes_long(line):
    words = "#接龙 " + line * (60_000 // len(line.encode()))
    begin = time.process_time()
    parse(words)
    assert time.process_time() - begin < 5


def test_anything_that_is_no_chain_has_no_entries():
    chain = parse("")
    assert (chain.entries, chain.title, chain.has_header) == ([], "", False)
