"""Templates keep the choice of sections under a name."""

import json

import pytest

from services.briefing import Choice, SectionName, Template, delete_template, list_templates, save_template
from services.briefing.errors import NothingChosenError, TemplateNameError
from services.context import RefusedError
from services.rules.roles import Action

CHOSEN = (
    Choice(SectionName.HOURS, "夜间重点"),
    Choice(SectionName.DATA, is_shown=False),
    Choice(SectionName.SITUATION),
)


def test_order_comments_and_what_is_hidden_are_kept(office):
    save_template(office, Template(" 晨会  汇报 ", CHOSEN))
    assert list_templates(office) == [Template("晨会 汇报", CHOSEN)]


def test_the_same_name_takes_the_place_of_the_one_before(office):
    save_template(office, Template("晨会", CHOSEN))
    save_template(office, Template("晨会", CHOSEN[:1]))
    assert list_templates(office) == [Template("晨会", CHOSEN[:1])]


def test_a_deleted_template_is_gone_and_deleting_again_does_nothing(office):
    save_template(office, Template("晨会", CHOSEN))
    delete_template(office, "晨会")
    delete_template(office, "晨会")
    assert list_templates(office) == []


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_template_needs_a_name(office, name):
    with pytest.raises(TemplateNameError):
        save_template(office, Template(name, CHOSEN))


def test_a_template_shows_something(office):
    with pytest.raises(NothingChosenError):
        save_template(office, Template("晨会", CHOSEN[1:2]))


def test_the_screen_uses_templates_and_changes_none(office, screen):
    save_template(office, Template("晨会", CHOSEN))
    assert list_templates(screen) == [Template("晨会", CHOSEN)]
    with pytest.raises(RefusedError):
        save_template(screen, Template("晚会", CHOSEN))
    with pytest.raises(RefusedError):
        delete_template(screen, "晨会")


def test_sections_of_a_later_version_are_left_out(office):
    body = json.dumps({"sections": [{"name": name, "comment": "", "shown": True} for name in ("weather", "data")]})
    with office.act(Action.MAKE_BRIEFING) as work:
        work.tx.briefings.write_template("新", body=body, changed_at=work.at, changed_by="x")
        work.tx.briefings.write_template("坏", body="{", changed_at=work.at, changed_by="x")
    assert list_templates(office) == [Template("新", (Choice(SectionName.DATA),))]
