"""Templates: named choices of sections, their order, their comments, what is hidden; each belongs to an area."""

import json
from dataclasses import dataclass, replace
from typing import Final

from pydantic import TypeAdapter

from services.briefing.errors import TemplateNameError, TemplatesOfOneNameError, UnknownTemplateError
from services.briefing.make import check_choices
from services.briefing.model import SectionName
from services.briefing.request import SectionChoice
from services.catalog.actions import Action
from services.context import Context, Work
from services.rules.areas import EVERYWHERE, Area, OutsideAreaError, parse_area
from services.use_cases import use_case

LONGEST_NAME: Final = 40
_SECTIONS_FORM: Final = TypeAdapter(tuple[SectionChoice, ...])


@dataclass(frozen=True, slots=True)
class BriefingTemplate:
    """A choice of sections under a name."""

    name: str
    sections: tuple[SectionChoice, ...]
    area: Area = EVERYWHERE
    """To which area it belongs: that of whoever kept it last."""


@use_case(Action.MAKE_BRIEFING, "briefing template")
def save_template(work: Work, template: BriefingTemplate) -> BriefingTemplate:
    """Keep a template for the actor's area, in place of the one of that name there, and return it as it is kept.

    One of the same name of another area stays as it is.

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
    sections = tuple(replace(choice, comment=choice.comment.strip()) for choice in template.sections)
    work.tx.briefings.write_template(
        name, str(work.actor.area), body=_to_json(sections), changed_at=work.at, changed_by=work.actor.name
    )
    work.note(sections=len(sections))
    return BriefingTemplate(name, sections, work.actor.area)


def list_templates(context: Context) -> list[BriefingTemplate]:
    """Return the templates of the actor's area and of areas inside it, by name and area.

    Sections that this version does not know are left out, and templates of none.

    Raises
    ------
    RefusedError
        If the actor may not see briefings.
    """
    with context.look(Action.VIEW_BRIEFING) as tx:
        rows, scope = tx.briefings.read_templates(), context.scope_in(tx)
    templates = [BriefingTemplate(row["name"], _from_json(row["body"]), parse_area(row["area"])) for row in rows]
    return [template for template in templates if template.sections and scope.covers(template.area)]


def find_template(context: Context, name: str) -> BriefingTemplate:
    """Return the template of a name: the one of the actor's own area, else the only one of an area inside it.

    Raises
    ------
    UnknownTemplateError
        If there is none, or none that this version can show; one of another area is as if it were not there.
    TemplatesOfOneNameError
        If several areas inside have one of that name, and the own area has none.
    RefusedError
        If the actor may not see briefings.
    """
    wanted = " ".join(name.split())
    named = [template for template in list_templates(context) if template.name == wanted]
    of_own_area = [template for template in named if template.area == context.actor.area]
    if not named:
        raise UnknownTemplateError(wanted)
    if len(named) > 1 and not of_own_area:
        raise TemplatesOfOneNameError(wanted, len(named))
    return (of_own_area or named)[0]


@use_case(Action.MAKE_BRIEFING, "briefing template")
def delete_template(work: Work, name: str, area: Area | None = None) -> None:
    """Delete a template of an area (the actor's own unless one is given); one that is not there stays so.

    Raises
    ------
    OutsideAreaError
        If the area lies outside the actor's.
    RefusedError
        If the actor may not make briefings.
    """
    of = work.actor.area if area is None else area
    if of != work.actor.area and not work.scope.covers(of):
        raise OutsideAreaError([str(of)])
    work.note(deleted=int(work.tx.briefings.delete_template(name, str(of))))


def _to_json(sections: tuple[SectionChoice, ...]) -> str:
    kept = _SECTIONS_FORM.dump_python(sections, mode="json", by_alias=True)
    return json.dumps({"sections": kept}, ensure_ascii=False)


def _from_json(body: str) -> tuple[SectionChoice, ...]:
    try:
        rows = json.loads(body)["sections"]
        return _SECTIONS_FORM.validate_python([row for row in rows if row["name"] in set(SectionName)])
    except (KeyError, TypeError, ValueError):
        return ()
