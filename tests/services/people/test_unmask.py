"""Seeing in clear is a permission, needs a reason for people of elsewhere, and is always logged without values."""

import json

import pytest

from services.context import RefusedError
from services.people import ReasonMissingError, UnknownPersonError, export_person, unmask
from services.rules.areas import OutsideAreaError

from .conftest import LI, OTHER, PHONE, WANG, ZHANG


def test_the_own_people_are_shown_without_a_reason(at_work):
    clear = unmask(at_work("secretary", "communities:C1"), ZHANG)
    assert (clear.name, clear.phone, clear.address) == ("张三丰", PHONE, "云港花园3栋502")


def test_people_of_elsewhere_only_with_a_reason(at_work):
    secretary = at_work("secretary", "communities:C1")
    with pytest.raises(ReasonMissingError):
        unmask(secretary, WANG, reason="  ")
    assert unmask(secretary, WANG, reason="走失家属要联系").phone == PHONE


def test_the_audit_trail_keeps_who_whom_and_why_but_no_value(at_work, last_audit):
    unmask(at_work("secretary", "communities:C1"), WANG, reason=f"联系王五 {PHONE}")
    action, code, detail = last_audit()
    assert (action, code) == ("unmask", WANG)
    assert json.loads(detail) == {"outside": 1, "reason": f"联系{WANG} ***"}


def test_refused_is_not_shown(at_work):
    with pytest.raises(RefusedError):
        unmask(at_work("liaison", "units:U1"), ZHANG, reason="想看看")


def test_nobody_is_nobody(office):
    with pytest.raises(UnknownPersonError):
        unmask(office, "M9")


def test_an_export_holds_everything_and_opens_what_is_sealed(office):
    told = export_person(office, LI)
    assert (told["member"]["name"], told["member"]["phone"]) == ("李四", OTHER)
    assert told["assignment"]["grid_code"] == "G1"
    assert told["leads"] == [{"layer": "units", "code": "U1"}]
    assert "s1:" not in json.dumps(told, ensure_ascii=False)


def test_an_export_is_of_the_own_people_and_logged(at_work, last_audit):
    with pytest.raises(OutsideAreaError):
        export_person(at_work("secretary", "communities:C2"), LI)
    export_person(at_work("secretary", "communities:C1"), LI)
    assert last_audit() == ("unmask", LI, '{"what": "exported"}')
