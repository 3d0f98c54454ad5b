"""Times in logs: those of the district, with their offset from UTC where the log is ours."""

import logging
import time
from datetime import UTC, datetime, tzinfo

import structlog

from services.clock import UnknownTimeZoneError, district_zone


def use_local_times() -> None:
    """Let this process log in the time of the district: our own lines, and those of the libraries we use."""
    kept = structlog.get_config()["processors"]
    structlog.configure(
        processors=[_stamp if isinstance(one, structlog.processors.TimeStamper) else one for one in kept]
    )
    logging.Formatter.converter = staticmethod(_local_time)


def _stamp(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event["timestamp"] = datetime.now(_zone()).isoformat(timespec="seconds")
    return event


def _local_time(seconds: float | None) -> time.struct_time:
    return (datetime.now(_zone()) if seconds is None else datetime.fromtimestamp(seconds, _zone())).timetuple()


def _zone() -> tzinfo:
    """Return the zone of the district; UTC while the setting names none, which the log goes on to tell."""
    try:
        return district_zone()
    except UnknownTimeZoneError:
        return UTC
