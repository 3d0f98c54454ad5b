"""Finding persons: by code, number, name; masked, and by name only in the own area."""

from dataclasses import replace

import pytest

from geo.schema import Layer
from services.catalog.fields import Field, Kind
from services.catalog.layers import LAYERS
from services.context import RefusedError
from services.i18n import text
from services.people import Correction, correct_person, find, find_people, read_person, unmask
from services.rules.windows import DayPart

from .conftest import LI, OTHER, PHONE, WANG, ZHANG


def state_times(office):
    correct_person(office, ZHANG, Correction(available={DayPart.WORKDAY: 0.5, DayPart.NIGHT: 0.0}))
    return {"available_workday": 0.5, "available_night": 0.0}


def codes(found):
    return [person.code for person in found.people]


def test_a_person_is_masked(office):
    (zhang,) = find_people(office, ZHANG).people
    assert (zhang.name, zhang.phone, zhang.address) == ("张**", "138****5678", "云港花园***")
    assert (zhang.grid_code, zhang.community_code) == ("G1", "C1")


def test_what_else_is_stored_of_a_person_comes_by_field(office):
    assert read_person(office, ZHANG).others == {}
    stated = state_times(office)
    assert read_person(office, ZHANG).others == stated
    assert unmask(office, ZHANG, reason="入户走访").others == stated


def test_hashes_and_what_is_not_known_are_no_other_values(monkeypatch):
    members = LAYERS[Layer.MEMBERS]
    kin = Field("kin", Kind.PERSON, text("Next of kin"))
    monkeypatch.setattr(find, "LAYERS", {Layer.MEMBERS: replace(members, fields=(*members.fields, kin))})
    row = dict.fromkeys(field.name for field in members.fields) | {"kin": "李四", "phone_hash": "x", "skills": "电工"}
    assert find.other_values(row) == {"kin": "李四"}


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


@pytest.mark.parametrize(
    ("role", "area", "wanted", "own"),
    [
        ("secretary", "communities:C1", WANG, []),
        ("secretary", "communities:C1", PHONE, [ZHANG]),
        ("secretary", "communities:C2", OTHER, []),
        ("liaison", "units:U1", LI, []),
        ("liaison", "units:U1", OTHER, []),
        ("liaison", "units:U1", PHONE, [ZHANG, WANG]),
        ("planner", "communities:C2", ZHANG, []),
    ],
)
def test_by_code_and_number_too_only_the_own_people_are_found(at_work, role, area, wanted, own):
    assert codes(find_people(at_work(role, area), wanted)) == own


@pytest.mark.parametrize(("role", "area"), [("secretary", "communities:C1"), ("liaison", "units:U2")])
def test_the_card_of_somebody_of_elsewhere_is_no_card(at_work, role, area):
    assert read_person(at_work(role, area), WANG) is None
    assert read_person(at_work(role, area), LI).code == LI


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
