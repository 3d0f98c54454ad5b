"""Machines set to one time zone or another, whose clocks stand at one instant."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from services import clock, logs

INSTANT = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 7, 30)
"""The instant in Beijing; it is still Saturday in London and New York."""
MACHINES = ("UTC", "Asia/Shanghai", "America/New_York")


class _Stopped(datetime):
    @classmethod
    def now(cls, tz=None):
        return INSTANT.astimezone(tz) if tz else INSTANT.astimezone().replace(tzinfo=None)


@contextmanager
def stopped_machine(zone: str) -> Iterator[None]:
    """Set this process to a time zone, and every clock to the instant; contexts ask the machine as in earnest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "TZ", zone)
        time.tzset()
        patch.setattr(clock, "datetime", _Stopped)
        patch.setattr(logs, "datetime", _Stopped)
        patch.setattr("services.context.local_now", clock.local_now)
        yield
    time.tzset()
