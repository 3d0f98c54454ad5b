"""Templates keep the choice of sections under a name."""

import json
from dataclasses import replace

import pytest

from geo.schema import Layer
from services.briefing import (
    BriefingTemplate,
    SectionChoice,
    SectionName,
    delete_template,
    find_template,
    list_templates,
    save_template,
)
from services.briefing.errors import (
    NothingChosenError,
    TemplateNameError,
    TemplatesOfOneNameError,
    UnknownTemplateError,
)
from services.catalog.actions import Action, Role
from services.context import RefusedError
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError
from services.rules.roles import Actor
from tests.acting import act

CHOSEN = (
    SectionChoice(SectionName.HOURS, "夜间重点"),
    SectionChoice(SectionName.DATA, is_shown=False),
    SectionChoice(SectionName.SITUATION),
)


def test_order_comments_and_what_is_hidden_are_kept(office):
    save_template(office, BriefingTemplate(" 晨会  汇报 ", CHOSEN))
    assert list_templates(office) == [BriefingTemplate("晨会 汇报", CHOSEN)]


def test_the_same_name_takes_the_place_of_the_one_before(office):
    save_template(office, BriefingTemplate("晨会", CHOSEN))
    save_template(office, BriefingTemplate("晨会", CHOSEN[:1]))
    assert list_templates(office) == [BriefingTemplate("晨会", CHOSEN[:1])]


def test_a_deleted_template_is_gone_and_deleting_again_does_nothing(office):
    save_template(office, BriefingTemplate("晨会", CHOSEN))
    delete_template(office, "晨会")
    delete_template(office, "晨会")
    assert list_templates(office) == []


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_template_needs_a_name(office, name):
    with pytest.raises(TemplateNameError):
        save_template(office, BriefingTemplate(name, CHOSEN))


def test_a_template_shows_something(office):
    with pytest.raises(NothingChosenError):
        save_template(office, BriefingTemplate("晨会", CHOSEN[1:2]))


def test_the_screen_uses_templates_and_changes_none(office, screen):
    save_template(office, BriefingTemplate("晨会", CHOSEN))
    assert list_templates(screen) == [BriefingTemplate("晨会", CHOSEN)]
    with pytest.raises(RefusedError):
        save_template(screen, BriefingTemplate("晚会", CHOSEN))
    with pytest.raises(RefusedError):
        delete_template(screen, "晨会")


def test_sections_of_a_later_version_are_left_out(office):
    body = json.dumps({"sections": [{"name": name, "comment": "", "shown": True} for name in ("weather", "data")]})
    with act(office, Action.MAKE_BRIEFING) as work:
        work.tx.briefings.write_template("新", "all", body=body, changed_at=work.at, changed_by="x")
        work.tx.briefings.write_template("坏", "all", body="{", changed_at=work.at, changed_by="x")
    assert list_templates(office) == [BriefingTemplate("新", (SectionChoice(SectionName.DATA),))]


HERE, THERE = Area(Layer.COMMUNITIES, "C1"), Area(Layer.COMMUNITIES, "C2")


@pytest.fixture
def planners(office):
    """Return planners of two communities, and one of everything."""
    return tuple(replace(office, actor=Actor("jihua", Role.PLANNER, area)) for area in (HERE, THERE, EVERYWHERE))


def test_a_template_of_another_area_is_not_seen_not_changed_and_not_deleted(planners):
    here, there, _whole = planners
    save_template(here, BriefingTemplate("晨会", CHOSEN))
    assert list_templates(there) == []
    with pytest.raises(UnknownTemplateError):
        find_template(there, "晨会")
    save_template(there, BriefingTemplate("晨会", CHOSEN[:1]))
    delete_template(there, "晨会")
    with pytest.raises(OutsideAreaError):
        delete_template(there, "晨会", HERE)
    assert list_templates(here) == [BriefingTemplate("晨会", CHOSEN, HERE)]


def test_whoever_is_in_charge_of_more_sees_and_deletes_what_lies_inside(planners):
    here, there, whole = planners
    save_template(here, BriefingTemplate("晨会", CHOSEN))
    save_template(there, BriefingTemplate("夜班", CHOSEN))
    assert find_template(whole, "晨会").area == HERE
    delete_template(whole, "晨会", HERE)
    assert [one.name for one in list_templates(whole)] == ["夜班"]


def test_a_template_of_everything_is_of_no_part(planners):
    here, _there, whole = planners
    save_template(whole, BriefingTemplate("晨会", CHOSEN))
    assert list_templates(here) == []


def test_the_own_template_goes_before_those_of_parts_and_else_the_name_tells_one_alone(planners):
    here, there, whole = planners
    for planner in (here, there):
        save_template(planner, BriefingTemplate("晨会", CHOSEN))
    with pytest.raises(TemplatesOfOneNameError):
        find_template(whole, "晨会")
    save_template(whole, BriefingTemplate("晨会", CHOSEN[:1]))
    assert find_template(whole, "晨会").area == EVERYWHERE
