"""Exactly one exact hit places somebody; all else is only suggested."""

import pytest

from services.rules.roster.sign_up.lines import fold
from services.rules.roster.sign_up.names import How, RegisterPerson, hide_phones
from tests.services.rules.roster.chains import make_register, sha

PEOPLE = [
    RegisterPerson("P1", "张伟", "H区财政局党委", "G001", "3", sha("13800000001"), "0001"),
    RegisterPerson("P2", "张伟", "H区税务局党委", "G002", "5", sha("13800000002"), "0002"),
    RegisterPerson("P3", "李娜", "云港小学党支部", "G001", "295", sha("13800000003"), "0003"),
    RegisterPerson("P4", "王芳", phone_hash=sha("13800000004")),
    RegisterPerson("P5", "阿里木·江"),
    RegisterPerson("P6", "Anna Li"),
    RegisterPerson("P7", "欧阳娜娜"),
    RegisterPerson("P8", "高明天"),
    RegisterPerson("P9", "赵敏", phone_hash=sha("13800000009")),
    RegisterPerson("P10", "钱大海", phone_hash=sha("13800000009")),
    RegisterPerson("P11", "严福"),
    RegisterPerson("P12", "严福明"),
]
REGISTER = make_register(PEOPLE, {"大螃蟹": "P4", "295-909": "P3"})


def find(words: str):
    return REGISTER.find(fold(words))


@pytest.mark.parametrize(
    ("words", "code", "how"),
    [
        ("李娜 8-10", "P3", How.EXACT),
        ("李 娜 8-10", "P3", How.EXACT),
        ("李娜同志 8-10", "P3", How.EXACT),
        ("李娜老师8-10", "P3", How.EXACT),
        ("李\u200b娜　８－１０", "P3", How.EXACT),
        ("李娜8-10", "P3", How.EXACT),
        ("李娜：8-10", "P3", How.EXACT),
        ("李娜晚上都行", "P3", How.EXACT),
        ("李娜取消", "P3", How.EXACT),
        ("李娜+1", "P3", How.EXACT),
        ("李娜（云港小学）8-10", "P3", How.EXACT),
        ("8-10 李娜", "P3", How.EXACT),
        ("云港小学 李娜 8-10", "P3", How.EXACT),
        ("云港小学-李娜 8-10", "P3", How.EXACT),
        ("阿里木·江 8-10", "P5", How.EXACT),
        ("阿里木•江 8-10", "P5", How.EXACT),
        ("anna li 8-10", "P6", How.EXACT),
        ("欧阳 娜娜 8-10", "P7", How.EXACT),
        ("高明天 8-10", "P8", How.EXACT),
        ("张伟 财政局 8-10", "P1", How.EXACT),
        ("张伟（税务局） 8-10", "P2", How.EXACT),
        ("财政局 张伟 8-10", "P1", How.EXACT),
        ("张伟 5栋 8-10", "P2", How.EXACT),
        ("张伟 G001 8-10", "P1", How.EXACT),
        ("张伟 尾号0002 8-10", "P2", How.EXACT),
        ("张伟 13800000001 8-10", "P1", How.EXACT),
        ("张伟 138-0000-0002 8-10", "P2", How.EXACT),
        ("小王 13800000004 8-10", "P4", How.PHONE),
        ("大螃蟹 7:20-8:35", "P4", How.ALIAS),
        ("严福明 8-10", "P12", How.EXACT),
    ],
)
def test_one_person_is_recognised(words, code, how):
    match = find(words)
    assert ([person.code for person in match.people], match.how) == ([code], how)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("张伟 8-10", ["P1", "P2"]),
        ("张伟（教育局） 8-10", ["P1", "P2"]),
        ("李娜（财政局） 8-10", ["P3"]),
        ("李娜 13800000004", ["P3", "P4"]),
        ("李娜 13900000000", ["P3"]),
        ("老赵 13800000009", ["P9", "P10"]),
        ("李那 8-10", ["P3"]),
        ("李娜娜 8-10", ["P3"]),
        ("哩呐 8-10", ["P3"]),
        ("295-909 8-10", ["P3"]),
        ("295栋301 8-10", ["P3"]),
        ("教育局 李娜 8-10", ["P3"]),
        ("严福明晚上都行", ["P11", "P12"]),
        ("清川 8-10", []),
        ("🌹 8-10", []),
        ("13900000000", []),
        ("", []),
        ("（8-10）", []),
    ],
)
def test_others_are_only_suggested(words, codes):
    match = find(words)
    assert match.how is None
    assert sorted(person.code for person in match.people) == sorted(codes)


def test_at_most_nine_are_suggested_the_likeliest_first():
    people = [RegisterPerson(f"P{k}", f"李娜{char}") for k, char in enumerate("甲乙丙丁戊己庚辛壬癸")]
    match = make_register([*people, RegisterPerson("P10", "李呐")]).find("李娜 8-10")
    assert len(match.people) == 9
    assert match.score == 80.0


@pytest.mark.parametrize(("words", "is_name"), [("王小二 8-10", True), ("大闸蟹 8-10", False), ("forever", False)])
def test_who_bears_a_surname_of_the_register_has_a_name(words, is_name):
    assert find(words).is_like_a_name is is_name


@pytest.mark.parametrize("words", ["替张伟", "和李娜一起", "李娜 8-10", "跟王芳换"])
def test_somebody_else_in_an_entry_is_seen(words):
    assert REGISTER.names_somebody(words)


def test_nobody_else_is_seen_in_plain_words():
    assert not REGISTER.names_somebody("8-10 辛苦大家和同志们")


@pytest.mark.parametrize("phone", ["13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678"])
def test_telephone_numbers_are_masked_however_they_are_written(phone):
    assert hide_phones(f"张伟 {phone} 8-10") == "张伟 138****5678 8-10"
