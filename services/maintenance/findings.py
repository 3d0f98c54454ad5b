"""What the doctor finds."""

from dataclasses import dataclass
from enum import StrEnum

from services.i18n import Text


class Severity(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at."""

    check: str
    """A word by which programs know it."""
    severity: Severity
    what: Text
    advice: Text | None = None
    """What to do; there for everything that is not fine."""


def fine(check: str, what: Text) -> CheckResult:
    """Return a finding that asks for nothing."""
    return CheckResult(check, Severity.FINE, what)


def warning(check: str, what: Text, advice: Text) -> CheckResult:
    """Return a finding that should be seen to."""
    return CheckResult(check, Severity.WARNING, what, advice)


def fault(check: str, what: Text, advice: Text) -> CheckResult:
    """Return a finding that must be seen to."""
    return CheckResult(check, Severity.FAULT, what, advice)
