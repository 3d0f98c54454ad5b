"""Reading and writing a file as a job that reports its steps."""

from collections.abc import Callable
from typing import TypeVar

from dashboard.streamlit.job import Job
from services.i18n import Text
from services.imports import ProgressMonitor

T = TypeVar("T")
ReportedStep = tuple[Text, float]
"""What is done now, and how much of it is done (0 to 1)."""


def watched(work: Callable[[ProgressMonitor], T]) -> Job[T, ReportedStep]:
    """Return a job of work that reports to a watch; it stops with ``CancelledError`` when the watch says so."""
    return Job(lambda tell, is_cancelled: work(ProgressMonitor(lambda name, share: tell((name, share)), is_cancelled)))
