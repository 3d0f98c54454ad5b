"""Seeing in clear is a permission, needs a reason for people of elsewhere, and is always logged without values."""

import json

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import RefusedError
from services.people import ReasonMissingError, UnknownPersonError, export_person, unmask
from tests.acting import act

from .conftest import LI, OTHER, PHONE, WANG, ZHANG, frame


def test_the_own_people_are_shown_for_a_reason(at_work):
    clear = unmask(at_work("secretary", "communities:C1"), ZHANG, reason="入户走访")
    assert (clear.name, clear.phone, clear.address) == ("张三丰", PHONE, "云港花园3栋502")


@pytest.mark.parametrize("reason", ["", "  ", "x", "。。。", "看看看看", "12345", "张三丰", "张三丰 M1", "asdf"])
def test_what_says_nothing_is_no_reason(at_work, reason):
    with pytest.raises(ReasonMissingError):
        unmask(at_work("secretary", "communities:C1"), ZHANG, reason=reason)


@pytest.mark.parametrize("look", [lambda c, code: unmask(c, code, reason="走失家属要联系"), export_person])
def test_people_of_elsewhere_are_as_people_who_are_not_there(at_work, look):
    secretary = at_work("secretary", "communities:C1")
    answers = []
    for code in (WANG, "M9"):
        with pytest.raises(UnknownPersonError) as refusal:
            look(secretary, code)
        answers.append(str(refusal.value).replace(code, "?"))
    assert answers[0] == answers[1]


def test_the_audit_trail_keeps_who_whom_and_why_but_no_value(at_work, last_audit):
    unmask(at_work("secretary", "communities:C2"), WANG, reason=f"联系王五 {PHONE}")
    action, code, detail = last_audit()
    assert (action, code) == ("unmask", WANG)
    assert json.loads(detail) == {"reason": f"联系{WANG} ***"}


def test_refused_is_not_shown(at_work):
    with pytest.raises(RefusedError):
        unmask(at_work("liaison", "units:U1"), ZHANG, reason="想看看")


def test_nobody_is_nobody(office):
    with pytest.raises(UnknownPersonError):
        unmask(office, "M9", reason="入户走访")


def test_an_export_holds_everything_and_opens_what_is_sealed(office):
    told = export_person(office, LI)
    assert (told["member"]["name"], told["member"]["phone"]) == ("李四", OTHER)
    assert told["assignment"]["grid_code"] == "G1"
    assert told["leads"] == [{"layer": "units", "code": "U1"}]
    assert "s1:" not in json.dumps(told, ensure_ascii=False)


def test_an_export_is_of_the_own_people_and_logged(at_work, last_audit):
    export_person(at_work("secretary", "communities:C1"), LI)
    assert last_audit() == ("unmask", LI, '{"what": "exported"}')


def test_an_export_holds_no_rows_of_a_longer_code(office):
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, frame({f"{LI}2": {"name": "赵六", "community_code": "C1"}}))
    unmask(office, f"{LI}2", reason="入户走访")
    unmask(office, LI, reason="核对住址")
    assert [row["object"] for row in export_person(office, LI)["audit"]] == [LI]
