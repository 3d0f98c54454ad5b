"""When people can come, or are away: what rosters ask of their time. Why somebody is away is kept nowhere."""

from datetime import date, datetime, time

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Work
from services.rostering.errors import UnknownMemberError
from services.rostering.model import minute
from services.rules.areas import OutsideAreaError
from services.rules.roster.free_times import ANY_DAY, FreeAnswer
from services.rules.windows import Window
from services.use_cases import use_case


@use_case(Action.KEEP_ROSTER, "members")
def note_absence(work: Work, member_code: str, start: datetime, end: datetime) -> int:
    """Note that somebody is away for a time; return the number of the note.

    Raises
    ------
    UnknownMemberError
        If there is no such member.
    OutsideAreaError
        If the member lies outside the actor's area.
    WindowError
        If the time is none, or longer than 31 days.
    """
    _require(work, member_code)
    away = Window(start, end)
    work.note(absences=1)
    return work.tx.rosters.add_absence(
        member_code=member_code, start=minute(away.start), end=minute(away.end), changed_by=work.actor.name
    )


@use_case(Action.KEEP_ROSTER, "members")
def note_free_time(
    work: Work,
    member_code: str,
    start: time,
    end: time,
    answer: FreeAnswer,
    *,
    weekday: int = ANY_DAY,
    since: date,
    until: date | None = None,
) -> int:
    """Note when somebody can come week by week, comes if needed, or cannot; return the number of the note.

    Parameters
    ----------
    start, end
        Of the day; an end before the start lies on the next day, midnight is the end of the day.
    weekday
        0 Monday to 6 Sunday, or as ``services.rules.roster.free_times`` names days.

    Raises
    ------
    UnknownMemberError
        If there is no such member.
    OutsideAreaError
        If the member lies outside the actor's area.
    """
    _require(work, member_code)
    work.note(free_times=1)
    return work.tx.rosters.add_free_time(
        member_code=member_code,
        weekday=weekday,
        from_time=f"{start:%H:%M}",
        to_time=f"{end:%H:%M}",
        answer=answer.value,
        since=since.isoformat(),
        until=until.isoformat() if until else None,
        source="hand",
    )


def _require(work: Work, member_code: str) -> None:
    places = work.tx.people.read_places([member_code])
    if member_code not in places:
        raise UnknownMemberError(member_code)
    place = places[member_code]
    grid, community = place["grid_code"], place["community_code"]
    is_inside = work.scope.holds(Layer.GRIDS, grid) if grid else work.scope.holds(Layer.COMMUNITIES, community or "")
    if not is_inside:
        raise OutsideAreaError([member_code])
