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


def find_briefing(query: WallQuery) -> Briefing | PastDay:
    """Return what a screen shows now; the same value as before while nothing has changed.

    Raises
    ------
    RefusedError
        If whoever asks may not see briefings.
    ServiceError
        If there is no such snapshot, plan or template, or the window cannot be read.
    """
    if query.snapshot is not None:
        return cache.frozen_briefing(query.snapshot, query.language)
    if query.replay is not None:
        return cache.past_day(query.replay, query.language)
    context = cache.context()
    return cache.live_briefing(request_of(query, context, context.clock()))


def request_of(query: WallQuery, context: Context, now: datetime) -> BriefingRequest:
    """Return the request that an address means at an instant.

    Raises
    ------
    ServiceError
        If there is no such template, or the window cannot be read.
    """
    return BriefingRequest(
        window=parse_window(query.window, now),
        mode=query.mode or current_mode(context).mode,
        language=query.language,
        sections=_choices(query, context),
        plan_id=query.plan,
        compare=query.compare,
    )


def _choices(wanted: WallQuery, context: Context) -> tuple[SectionChoice, ...]:
    if wanted.template:
        return briefing.find_template(context, wanted.template).sections
    comments = dict(wanted.comments)
    return tuple(SectionChoice(name, comments.get(name, "")) for name in wanted.sections)
