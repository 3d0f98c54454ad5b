"""Frozen briefings: numbered, kept word for word in every language with all that their maps draw."""

from dataclasses import replace
from datetime import datetime

from services.accounts import Imprint, fetch_imprint
from services.briefing.errors import SnapshotDamagedError, SnapshotVersionError, UnknownBriefingError
from services.briefing.history import BriefingHead, head_of
from services.briefing.inputs import BriefingInputs, gather
from services.briefing.make import check_choices, tell
from services.briefing.model import Briefing
from services.briefing.request import BriefingRequest
from services.briefing.stored_briefing import DamagedError, StoredBriefing, UnknownFormatError, from_kept, to_kept
from services.briefing.words import speaking
from services.catalog.actions import Action, Role
from services.context import Context, Work
from services.i18n import LANGUAGES, translate
from services.rules.areas import OutsideAreaError, parse_area
from services.rules.roles import Actor
from services.use_cases import use_case


def freeze(context: Context, request: BriefingRequest) -> int:
    """Keep the briefing of a window in every language, whatever language is asked for, and return its number.

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
        If the actor may not see or make briefings.
    """
    check_choices(request.sections)
    briefing_inputs = gather(context, request)
    kept = to_kept(
        {language: tell(briefing_inputs, request.sections, language) for language in LANGUAGES},
        briefing_inputs.headline,
    )
    return _keep(context, briefing_inputs, kept)


@use_case(Action.MAKE_BRIEFING, "briefing")
def _keep(work: Work, briefing_inputs: BriefingInputs, kept: StoredBriefing) -> int:
    number = work.tx.briefings.add(
        made_at=briefing_inputs.now.isoformat(timespec="seconds"),
        made_by=work.actor.name,
        window_start=briefing_inputs.window.start.isoformat(timespec="seconds"),
        window_end=briefing_inputs.window.end.isoformat(timespec="seconds"),
        mode=briefing_inputs.mode.value,
        data_version=briefing_inputs.data_version,
        body=kept.body,
        maps=kept.maps,
        area=str(work.actor.area),
    )
    work.note(number=number, data_version=briefing_inputs.data_version, bytes=len(kept.body) + len(kept.maps))
    return number


def read_briefing(context: Context, number: int, language: str) -> Briefing:
    """Return a frozen briefing word for word, whatever the data, the norms or the catalogues say now.

    Raises
    ------
    UnknownBriefingError
        If there is no briefing of this number.
    SnapshotVersionError
        If it was kept by a version of the program whose form this one does not read.
    SnapshotDamagedError
        If it is not what was written.
    RefusedError
        If the actor may not see briefings.
    OutsideAreaError
        If it was made for a wider or another area than the actor's.
    """
    with context.look(Action.VIEW_BRIEFING) as tx:
        row, scope = tx.briefings.read(number), context.scope_in(tx)
        imprint = None if row is None else fetch_imprint(tx, Actor(row["made_by"], Role.LOCAL, parse_area(row["area"])))
    if row is None or imprint is None:
        raise UnknownBriefingError(number)
    if not scope.covers(parse_area(row["area"])):
        raise OutsideAreaError([f"#{number}"])
    try:
        kept = from_kept(StoredBriefing(row["body"], bytes(row["maps"] or b"")), language, number)
    except UnknownFormatError:
        raise SnapshotVersionError(number) from None
    except DamagedError:
        raise SnapshotDamagedError(number) from None
    kept = replace(kept, start=datetime.fromisoformat(row["window_start"]))
    return kept if kept.maker else _with_imprint(kept, imprint)


def _with_imprint(briefing: Briefing, imprint: Imprint) -> Briefing:
    """Return a briefing that was kept when briefings did not say yet who made them for which area."""
    with speaking(briefing.language):
        return replace(briefing, area=translate(imprint.area), maker=translate(imprint.maker))


def list_briefings(context: Context, limit: int | None = None) -> list[BriefingHead]:
    """Return the frozen briefings that were made for the actor's area or a part of it, newest first.

    Raises
    ------
    RefusedError
        If the actor may not see briefings.
    """
    with context.look(Action.VIEW_BRIEFING) as tx:
        scope = context.scope_in(tx)
        rows = tx.briefings.read_heads(limit=limit if scope.is_everything else None)
    return [head for head in map(head_of, rows) if scope.covers(head.area)][:limit]
