"""A briefing from what the store holds now."""

from collections import Counter
from dataclasses import replace
from typing import Final

from services.briefing.errors import CommentTooLongError, NothingChosenError, SectionTwiceError
from services.briefing.inputs import BriefingInputs, gather
from services.briefing.model import Briefing
from services.briefing.request import BriefingRequest, SectionChoice
from services.briefing.sections import TELLERS
from services.briefing.words import shorten, speaking
from services.clock import time_with_zone
from services.context import Context
from services.i18n import LANGUAGES, translate
from services.rules.windows import MODE_NAMES
from services.wording import MARK, spoken_window

LONGEST_COMMENT: Final = 300
"""Characters of a comment."""


def make_briefing(context: Context, request: BriefingRequest) -> Briefing:
    """Return the briefing of a window: the same data, request and clock give the same words.

    Raises
    ------
    NothingChosenError, SectionTwiceError, CommentTooLongError
        If the chosen sections cannot be shown.
    UnknownPlanError
        If there is no plan of that number.
    UnknownBriefingError, OtherAreaError, SnapshotDamagedError
        If the briefing to compare with is not there, tells of another area or cannot be read.
    NormsError
        If the norms cannot be used.
    RefusedError
        If the actor may not see briefings.
    """
    check_choices(request.sections)
    return tell(gather(context, request), request.sections, request.language)


def tell(briefing_inputs: BriefingInputs, choices: tuple[SectionChoice, ...], language: str) -> Briefing:
    """Return the briefing that some inputs make in a language; an unknown language means Chinese."""
    with speaking(language):
        return Briefing(
            language=language if language in LANGUAGES else LANGUAGES[0],
            title=_title(briefing_inputs),
            made_at=briefing_inputs.now,
            data_version=briefing_inputs.data_version,
            data_at=briefing_inputs.data_at,
            window=spoken_window(briefing_inputs.window),
            mode=translate(MODE_NAMES[briefing_inputs.mode]),
            mark=translate(MARK),
            source=_source(briefing_inputs),
            sections=tuple(
                replace(TELLERS[choice.name](briefing_inputs), comment=choice.comment.strip())
                for choice in choices
                if choice.is_shown
            ),
            area=translate(briefing_inputs.imprint.area),
            maker=translate(briefing_inputs.imprint.maker),
            import_due=briefing_inputs.import_due,
            start=briefing_inputs.window.start,
        )


def check_choices(choices: tuple[SectionChoice, ...]) -> None:
    """Refuse choices that cannot be shown.

    Raises
    ------
    NothingChosenError
        If no section is shown.
    SectionTwiceError
        If a section stands in them twice.
    CommentTooLongError
        If a comment is too long.
    """
    if not any(choice.is_shown for choice in choices):
        raise NothingChosenError
    if max(Counter(choice.name for choice in choices).values()) > 1:
        raise SectionTwiceError
    if any(len(choice.comment.strip()) > LONGEST_COMMENT for choice in choices):
        raise CommentTooLongError(LONGEST_COMMENT)


def source_line(briefing: Briefing) -> str:
    """Return the line at the foot of every page: area, window, mode, who made it and when; long names are cut."""
    area, maker = shorten(briefing.area), shorten(briefing.maker)
    made = translate("made by {maker}", maker=maker) if maker else ""
    return " · ".join(said for said in (area, briefing.window, briefing.mode, made, briefing.source) if said)


def _title(briefing_inputs: BriefingInputs) -> str:
    area = translate(briefing_inputs.imprint.area)
    return (
        translate("{area}: briefing on people and need", area=area)
        if area
        else translate("Briefing on people and need")
    )


def _source(briefing_inputs: BriefingInputs) -> str:
    said = time_with_zone(briefing_inputs.now)
    return translate("{source} · made-up data", source=said) if briefing_inputs.fictitious else said
