"""Packages in words, for pages and commands alike."""

import re
from collections.abc import Iterable
from datetime import datetime, time

from services.i18n import Text, text, translate
from services.rostering.package_view import PackageView
from services.rostering.pairings import Pairing
from services.rules.roster.packages import EVERY_DAY, OPEN_STATES, Batch, OpenSeatNotice, PackagePost
from services.rules.windows import DAY
from services.wording import DAY_NAMES


def post_words(view: PackageView) -> list[str]:
    """Return the posts of a package with their hours and days: ``北门岗 08:00–22:00 每天``."""
    return [
        translate("{post} {hours} {days}", post=view.posts[post.post_code], hours=_hours(post), days=_days(post))
        for post in view.package.posts
    ]


def day_words(view: PackageView) -> str:
    """Return the first and the last day of a package: ``11-30 – 12-06``."""
    period = view.package.period
    return _span(period.start, period.end)


def batch_words(batch: Batch) -> Text:
    """Return a batch in a line: when it comes, how many are named of how many."""
    return text(
        "Batch {number}, {days}: {named} of {people} people are named",
        number=batch.number,
        days=_span(batch.period.start, batch.period.end),
        named=len(batch.members),
        people=batch.people,
    )


def package_notes(view: PackageView) -> list[Text]:
    """Return what is to be known of a package besides its capacity: who answered, what waits for whom."""
    return [note for note in _notes(view) if note is not None]


def _notes(view: PackageView) -> Iterable[Text | None]:
    if view.state in OPEN_STATES:
        if not view.seats:
            yield text("No roster has shifts in its hours yet.")
        if view.seats and view.bare_days:
            days = "、".join(f"{day:%m-%d}" for day in view.bare_days)
            yield text("No roster has shifts in its hours on {days} yet.", days=days)
        if not view.is_paired:
            yield text("{unit} and {community} are not paired.", unit=view.unit, community=view.community)
    if view.others and view.state in OPEN_STATES:
        yield text("{n} of its seats are taken by people who are not of the unit; they stay.", n=view.others)
    if view.is_answered_for:
        yield text("Entered for the unit by {name}.", name=view.answered_by)
    if view.is_held:
        yield from _waiting(view)


def _waiting(view: PackageView) -> Iterable[Text]:
    if now := view.count_open(OpenSeatNotice.UNIT):
        yield text("{n} seats begin within 24 hours and are open: the unit is to fill them or give them back.", n=now)
    if fallen := view.count_open(OpenSeatNotice.COMMUNITY):
        yield text("{n} seats begin within 12 hours and are open: the community may fill them now.", n=fallen)


def pairing_words(pairing: Pairing) -> str:
    """Return since when, and until when where it has ended, a unit and a community are paired."""
    since = f"{pairing.since:%Y-%m-%d}" if pairing.since else translate("day unknown")
    if pairing.until is None:
        return since
    return translate("{since}, ended {until}", since=since, until=f"{pairing.until:%Y-%m-%d}")


def split_names(typed: str) -> list[str]:
    """Return names from a text: one a line, or apart by commas and the like; blanks may stand within a name.

    Examples
    --------
    >>> split_names("张三、李四，王五;赵 六")
    ['张三', '李四', '王五', '赵 六']
    """
    return [name.strip() for name in re.split(r"[,，、;；\n\t]+", typed) if name.strip()]


def _hours(post: PackagePost) -> str:
    end = "24:00" if post.to_time == time() else f"{post.to_time:%H:%M}"
    return f"{post.from_time:%H:%M}–{end}"


def _days(post: PackagePost) -> str:
    if post.weekdays == EVERY_DAY:
        return translate("every day")
    return "、".join(translate(name) for number, name in enumerate(DAY_NAMES) if post.weekdays >> number & 1)


def _span(start: datetime, end: datetime) -> str:
    last = end - DAY
    return f"{start:%m-%d}" if last <= start else f"{start:%m-%d} – {last:%m-%d}"
