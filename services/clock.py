"""The hour of the district: local time of the zone in the settings, whatever zone the machine stands in."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone_location

from services.errors import ServiceError
from services.i18n import Text, current_language, text, translate
from services.settings import DEFAULT_TIME_ZONE, read_time_zone

_BEIJING: Final = text("Beijing time")
_LONGEST_NAME: Final = 64
_OF_BEIJING: Final = frozenset({DEFAULT_TIME_ZONE, "PRC", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin"})


class UnknownTimeZoneError(ServiceError, ValueError):
    """The setting names a time zone that there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(
            text(
                "“{name}” in GRIDMUSTER_TIME_ZONE is no time zone; give one like Asia/Shanghai or Asia/Urumqi, "
                "or leave the setting out for Beijing time.",
                name=name[:_LONGEST_NAME],
            )
        )


def district_zone() -> ZoneInfo:
    """Return the time zone of the settings.

    Raises
    ------
    UnknownTimeZoneError
        If there is no zone of that name.
    """
    name = read_time_zone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZoneError(name) from error


def local_now() -> datetime:
    """Return the local time of the district, without zone.

    Raises
    ------
    UnknownTimeZoneError
        If the setting names no zone.
    """
    return datetime.now(district_zone()).replace(tzinfo=None)


def instant_of(moment: datetime) -> datetime:
    """Return a local time of the district with its zone, for what counts in seconds since 1970 or must name its offset.

    Examples
    --------
    >>> instant_of(datetime(2026, 11, 27, 20)).isoformat()
    '2026-11-27T20:00:00+08:00'
    """
    return moment.replace(tzinfo=district_zone())


def utc_of(moment: datetime) -> datetime:
    """Return a local time of the district in UTC, without zone, as office files keep theirs.

    Examples
    --------
    >>> utc_of(datetime(2026, 11, 27, 20)).isoformat()
    '2026-11-27T12:00:00'
    """
    return instant_of(moment).astimezone(UTC).replace(tzinfo=None)


def seconds_of(moment: datetime) -> int:
    """Return a local time of the district as whole seconds since 1970 in UTC, as PDF and authenticators count them."""
    return int(instant_of(moment).timestamp())


def machine_offset(now: datetime) -> timedelta:
    """Return by how much the clock of this machine shows more than that of the district at a local time."""
    here = instant_of(now).astimezone().utcoffset() or timedelta()
    return here - (instant_of(now).utcoffset() or timedelta())


def offset_text(offset: timedelta) -> str:
    """Return an offset from UTC as people write it.

    Examples
    --------
    >>> offset_text(timedelta(hours=8)), offset_text(timedelta(hours=-3, minutes=-30)), offset_text(timedelta())
    ('UTC+8', 'UTC-3:30', 'UTC')
    """
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def zone_label(moment: datetime) -> str:
    """Return what a local time of the district is called, in the current language.

    Examples
    --------
    >>> zone_label(datetime(2026, 11, 27, 20))
    '北京时间（UTC+8）'
    """
    zoned = instant_of(moment)
    offset = offset_text(zoned.utcoffset() or timedelta())
    name = _zone_name(zoned)
    return translate("{zone} ({offset})", zone=name, offset=offset) if name else offset


def time_with_zone(moment: datetime) -> str:
    """Return a local time of the district to the minute and what it is called, in the current language.

    Examples
    --------
    >>> time_with_zone(datetime(2026, 11, 27, 20))
    '2026-11-27 20:00 北京时间（UTC+8）'
    """
    return f"{moment:%Y-%m-%d %H:%M} {zone_label(moment)}"


def zone_note(moment: datetime) -> Text:
    """Return the sentence that says once for a file or page in which zone its times are."""
    return text("All times are {zone}", zone=zone_label(moment))


def offset_time_text(moment: datetime) -> str:
    """Return a local time of the district in ISO 8601 with its offset, to the second."""
    return instant_of(moment).isoformat(timespec="seconds")


def _zone_name(zoned: datetime) -> str:
    """Return what a zone is called after; empty for one that is called after no place."""
    name = read_time_zone()
    if name in _OF_BEIJING:
        return translate(_BEIJING)
    if "/" not in name or name.startswith("Etc/"):
        return ""
    return translate("{city} time", city=get_timezone_location(zoned, locale=current_language(), return_city=True))
