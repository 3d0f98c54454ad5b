"""The catalogue of skills: what sheets write finds its skill, other words stay, and a file at fault is told."""

import pytest

from services.catalog.skills import SkillFileError, load_skills
from services.demo.people import SKILLS
from services.i18n import translate, use_language

ONE = 'name = "{}"\nname_en = "{}"\nsynonyms = {}\ngroup = "care"\nneeds_proof = true\n'


def write(path, **sections):
    path.write_text("\n".join(f"[{code}]\n{lines}" for code, lines in sections.items()), encoding="utf-8")
    return path


@pytest.mark.parametrize("word", ["医疗", "医护", " 医 生", "medical", "Medical Care", "ＤＯＣＴＯＲ"])
def test_each_way_to_write_a_skill_finds_it(word):
    assert load_skills().find_code(word) == "medical"


def test_words_come_in_the_order_of_the_file_and_other_words_behind_them():
    catalog = load_skills()
    assert catalog.find_codes("绘画;司机;医护;医生;潜水") == ("medical", "driving", "潜水", "绘画")
    assert catalog.join(["绘画", "driving", "medical"]) == "医疗;驾驶;绘画"
    assert (catalog.find_codes(None), catalog.join(())) == ((), None)


def test_what_is_joined_is_read_again_as_the_same_skills():
    catalog = load_skills()
    for code in catalog.skills:
        assert catalog.find_codes(catalog.join([code])) == (code,)


def test_skills_have_a_name_in_either_language():
    catalog = load_skills()
    assert (catalog.name("driving"), catalog.name("潜水")) == ("驾驶", "潜水")
    use_language("en")
    assert (catalog.name("driving"), catalog.name("潜水")) == ("Driving", "潜水")


def test_medical_care_counselling_first_aid_and_driving_need_a_proof():
    catalog = load_skills()
    assert {code for code in catalog.skills if catalog.needs_proof(code)} == {
        "medical",
        "counselling",
        "first_aid",
        "driving",
    }
    assert not catalog.needs_proof("潜水")


def test_every_skill_of_the_demo_is_in_the_catalogue_by_its_name():
    names = {skill.name for skill in load_skills().skills.values()}
    assert set(SKILLS) <= names


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"a": ONE.format("甲", "A1", '["丙"]'), "b": ONE.format("乙", "B1", '["丙"]')}, "丙"),
        ({"A1": ONE.format("甲", "A2", "[]")}, "A1"),
        ({"a": 'name = "甲"'}, "name_en"),
        ({"a": ONE.format("甲", "A1", "[]") + "mark = 1"}, "mark"),
        ({"a": "name ="}, "Invalid value"),
    ],
    ids=["word of two", "code", "incomplete", "unknown key", "no TOML"],
)
def test_a_file_at_fault_is_told(tmp_path, sections, told):
    with pytest.raises(SkillFileError) as caught:
        load_skills(write(tmp_path / "skills.toml", **sections))
    sentence = translate(caught.value.text)
    assert "特长目录" in sentence
    assert told in sentence


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SkillFileError):
        load_skills(tmp_path / "skills.toml")
