"""One person is one row: names compared in their one form, the same person told within a file and against the store."""

import pandas as pd
import pytest
from town import codes_found, stage_text, stored

from geo.schema import Layer
from services.imports import BadValues, Options

HEAD = "姓名,电话\n"


def held(*people, **columns):
    names, phones = zip(*people, strict=True)
    codes = [f"M{place}" for place in range(1, len(people) + 1)]
    return stored(members=pd.DataFrame({"name": names, "phone": phones, **columns}, index=pd.Index(codes, name="code")))


@pytest.mark.parametrize(
    "pair",
    [
        ("张 伟", "张伟"),
        ("王　芳", "王芳"),
        ("阿里木·江", "阿里木•江"),
        ("阿里木・江", "阿里木‧江"),
        ("阿里木．江", "阿里木∙江"),
        ("阿里木 · 江", "阿里木.江"),
        ("李\u200b娜", "李娜"),
    ],
)
def test_a_name_written_otherwise_is_the_same_person(pair):
    staged = stage_text(f"{HEAD}{pair[0]},13800000091\n{pair[1]},138-0000-0091\n", Layer.MEMBERS)
    assert (staged.rows_accepted, staged.rows_rejected) == (1, 1)
    assert (3, "duplicate_person") in codes_found(staged)
    codes = [stage_text(f"{HEAD}{name},13800000091\n", Layer.MEMBERS).frame.index.tolist() for name in pair]
    assert codes[0] == codes[1]


def test_a_stored_person_keeps_the_code_whatever_the_name_is_written_like():
    staged = stage_text(f"{HEAD}张 伟,13800000091\n", Layer.MEMBERS, held=held(("张伟", "13800000091")))
    assert staged.frame.index.tolist() == ["M1"]
    staged = stage_text(f"{HEAD}张伟,13800000091\n", Layer.MEMBERS, held=held(("张 伟", "13800000091")))
    assert staged.frame["name"].to_dict() == {"M1": "张伟"}


def test_a_stored_person_under_another_code_is_told():
    staged = stage_text("编号,姓名,电话\nN1,张伟,13800000091\n", Layer.MEMBERS, held=held(("张 伟", "13800000091")))
    assert staged.rows_accepted == 0
    (finding,) = [f for f in staged.findings if f.problem.code == "person_stored"]
    assert (finding.problem.row, finding.problem.params["code"]) == (2, "M1")


def test_one_person_under_two_codes_of_a_file_is_told():
    staged = stage_text("编号,姓名,电话\nN1,张伟,13800000091\nN2,张 伟,13800000091\n", Layer.MEMBERS)
    assert staged.frame.index.tolist() == ["N1"]
    assert codes_found(staged) == [(3, "duplicate_person")]


def test_two_people_of_one_name_are_two():
    staged = stage_text(f"{HEAD}张伟,13800000091\n张伟,13800000092\n", Layer.MEMBERS)
    assert staged.rows_accepted == 2


def test_who_has_another_identity_number_is_another_person():
    content = (
        "编号,姓名,电话,身份证号\nN1,张伟,020-87654321,11010519491231002X\nN2,张伟,020-87654321,440524188001010014\n"
    )
    assert stage_text(content, Layer.MEMBERS).rows_accepted == 2


def test_two_rows_that_are_stored_as_one_person_already_are_no_news():
    both = held(("张伟", "13800000091"), ("张伟", "13800000091"))
    staged = stage_text("编号,单位\nM1,U1\nM2,U1\n", Layer.MEMBERS, held=both)
    assert staged.rows_accepted == 2


@pytest.mark.parametrize(
    "word", ["无", "NA", "n/a", "Null", "None", "nan", "空", "待定", "不详", "-", "（空）", "未填写"]
)
def test_words_for_nothing_are_no_names(word):
    staged = stage_text(f"编号,姓名,电话\nN1,{word},13800000091\n", Layer.MEMBERS)
    assert codes_found(staged) == [(2, "no_name")]
    kept = stage_text(f"编号,姓名\nM1,{word}\n", Layer.MEMBERS, held=held(("张伟", "13800000091")))
    assert kept.frame["name"].tolist() == ["张伟"]
    cleared = Options(bad_values=BadValues.CLEAR)
    kept = stage_text(f"编号,姓名\nM1,{word}\n", Layer.MEMBERS, cleared, held(("张伟", "13800000091")))
    assert kept.frame["name"].tolist() == ["张伟"]


@pytest.mark.parametrize("name", ["吴空", "真", "未", "Na Li", "无忌"])
def test_names_that_only_look_like_nothing_are_names(name):
    assert stage_text(f"编号,姓名\nN1,{name}\n", Layer.MEMBERS).frame["name"].tolist() == [name]
