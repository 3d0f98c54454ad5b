"""Templates: named choices of sections, their order, their comments, what is hidden."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.briefing.errors import TemplateNameError, UnknownTemplateError
from services.briefing.make import check_choices
from services.briefing.model import SectionName
from services.briefing.request import Choice
from services.context import Context
from services.rules.roles import Action

LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Template:
    """A choice of sections under a name."""

    name: str
    sections: tuple[Choice, ...]


def save_template(context: Context, template: Template) -> Template:
    """Keep a template in place of the one of that name and return it as it is kept.

    Raises
    ------
    TemplateNameError
        If the name is blank or too long.
    NothingChosenError, SectionTwiceError, CommentTooLongError
        If its sections cannot be shown.
    RefusedError
        If the actor may not make briefings.
    """
    name = " ".join(template.name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise TemplateNameError(LONGEST_NAME)
    check_choices(template.sections)
    sections = tuple(Choice(choice.name, choice.comment.strip(), choice.is_shown) for choice in template.sections)
    with context.act(Action.MAKE_BRIEFING, "briefing template") as work:
        work.tx.briefings.write_template(
            name, body=_to_json(sections), changed_at=work.at, changed_by=context.actor.name
        )
        work.note(sections=len(sections))
    return Template(name, sections)


def list_templates(context: Context) -> list[Template]:
    """Return the templates by name; sections that this version does not know are left out, and templates of none.

    Raises
    ------
    RefusedError
        If the actor may not see briefings.
    """
    with context.look(Action.VIEW_BRIEFING) as tx:
        rows = tx.briefings.read_templates()
    templates = [Template(row["name"], _from_json(row["body"])) for row in rows]
    return [template for template in templates if template.sections]


def find_template(context: Context, name: str) -> Template:
    """Return the template of a name.

    Raises
    ------
    UnknownTemplateError
        If there is none, or none that this version can show.
    RefusedError
        If the actor may not see briefings.
    """
    wanted = " ".join(name.split())
    found = next((template for template in list_templates(context) if template.name == wanted), None)
    if found is None:
        raise UnknownTemplateError(wanted)
    return found


def delete_template(context: Context, name: str) -> None:
    """Delete a template; one that is not there stays so.

    Raises
    ------
    RefusedError
        If the actor may not make briefings.
    """
    with context.act(Action.MAKE_BRIEFING, "briefing template") as work:
        work.note(deleted=int(work.tx.briefings.delete_template(name)))


def _to_json(sections: tuple[Choice, ...]) -> str:
    kept = [{"name": c.name.value, "comment": c.comment, "shown": c.is_shown} for c in sections]
    return json.dumps({"sections": kept}, ensure_ascii=False)


def _from_json(body: str) -> tuple[Choice, ...]:
    try:
        return tuple(_choice(row) for row in json.loads(body)["sections"] if row["name"] in set(SectionName))
    except (KeyError, TypeError, ValueError):
        return ()


def _choice(row: Mapping[str, Any]) -> Choice:
    return Choice(SectionName(row["name"]), str(row["comment"]), bool(row["shown"]))
