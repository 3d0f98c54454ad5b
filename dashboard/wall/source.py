"""Which briefing a screen shows: the live one from the caches, a frozen one word for word, or a past day."""

from datetime import datetime

from dashboard import cache
from dashboard.payloads.past_day import PastDay
from dashboard.wall.query import WallQuery
from services import briefing
from services.briefing import Briefing, BriefingRequest, SectionChoice
from services.context import Context
from services.modes import current_mode
from services.rules.windows import parse_window


def find_briefing(wanted: WallQuery) -> Briefing | PastDay:
    """Return what a screen shows now; the same value as before while nothing has changed.

    Raises
    ------
    RefusedError
        If whoever asks may not see briefings.
    ServiceError
        If there is no such snapshot, plan or template, or the window cannot be read.
    """
    if wanted.snapshot is not None:
        return cache.frozen_briefing(wanted.snapshot, wanted.language)
    if wanted.replay is not None:
        return cache.past_day(wanted.replay, wanted.language)
    context = cache.context()
    return cache.live_briefing(request_of(wanted, context, context.clock()))


def request_of(wanted: WallQuery, context: Context, now: datetime) -> BriefingRequest:
    """Return the request that an address means at an instant.

    Raises
    ------
    ServiceError
        If there is no such template, or the window cannot be read.
    """
    return BriefingRequest(
        window=parse_window(wanted.window, now),
        mode=wanted.mode or current_mode(context).mode,
        language=wanted.language,
        sections=_choices(wanted, context),
        plan_id=wanted.plan,
        compare=wanted.compare,
    )


def _choices(wanted: WallQuery, context: Context) -> tuple[SectionChoice, ...]:
    if wanted.template:
        return briefing.find_template(context, wanted.template).sections
    comments = dict(wanted.comments)
    return tuple(SectionChoice(name, comments.get(name, "")) for name in wanted.sections)
