"""Finding persons: by code, number, name; masked, and by name only in the own area."""

import pytest

from services.context import RefusedError
from services.people import find_people

from .conftest import LI, OTHER, PHONE, WANG, ZHANG


def codes(found):
    return [person.code for person in found.people]


def test_a_person_is_masked(office):
    (zhang,) = find_people(office, ZHANG).people
    assert (zhang.name, zhang.phone, zhang.address) == ("张**", "138****5678", "云港花园***")
    assert (zhang.grid_code, zhang.community_code, zhang.is_inside) == ("G1", "C1", True)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (LI, [LI]),
        (f"+86 {OTHER[:3]}-{OTHER[3:]}", [LI]),
        (PHONE, [ZHANG, WANG]),
        ("三", [ZHANG]),
        ("", [ZHANG, LI, WANG]),
        ("%", []),
        ("1381234", []),
    ],
)
def test_a_person_is_found_by_code_whole_number_or_part_of_the_name(office, wanted, found):
    assert codes(find_people(office, wanted)) == found


def test_names_are_found_in_the_own_area_only(at_work):
    secretary = at_work("secretary", "communities:C1")
    assert codes(find_people(secretary)) == [ZHANG, LI]
    assert codes(find_people(secretary, "王五")) == []


def test_by_code_somebody_of_elsewhere_is_found_masked_and_marked(at_work):
    (wang,) = find_people(at_work("secretary", "communities:C1"), WANG).people
    assert (wang.name, wang.is_inside) == ("王*", False)


def test_a_liaison_finds_the_people_of_the_unit(at_work):
    assert codes(find_people(at_work("liaison", "units:U1"))) == [ZHANG, WANG]


def test_a_long_answer_comes_in_parts(office):
    found = find_people(office, limit=2, offset=2)
    assert (codes(found), found.count) == ([WANG], 3)


def test_a_name_with_the_community(office):
    assert codes(find_people(office, "五", community="C2")) == [WANG]
    assert codes(find_people(office, "五", community="C1")) == []


@pytest.mark.parametrize("role", ["screen", "administrator", "subdistrict_commander"])
def test_others_find_nobody(at_work, role):
    with pytest.raises(RefusedError):
        find_people(at_work(role))
