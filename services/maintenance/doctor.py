"""Everything that can be wrong with an installation, looked at in one go, and what to do about it."""

from datetime import datetime
from pathlib import Path

from services.catalog.actions import Action
from services.clock import UnknownTimeZoneError
from services.context import Context, StoreError, file_of, local_now, open_context
from services.errors import ServiceError
from services.i18n import text
from services.maintenance import store_checks, system_checks
from services.maintenance.findings import CheckResult, Severity, fault, fine
from services.rules.fact_names import BACKUPS_FACT


def diagnose(url: str, now: datetime | None = None) -> list[CheckResult]:
    """Return what is found about a store and what is around it; a store that cannot be opened is a finding.

    Parameters
    ----------
    url
        Address of the store.
    now
        Local time of the district; by default the present.
    """
    file = file_of(url)
    try:
        now = now or local_now()
        findings = [system_checks.check_sqlite(), system_checks.check_time_zone(now)]
    except UnknownTimeZoneError as error:
        return [fault("time_zone", error.text, text("Do as it says, then ask the doctor again."))]
    if file is not None:
        findings.append(system_checks.check_file(file))
    findings += map(system_checks.check_disk, system_checks.places_written(file))
    if file is not None:
        findings += system_checks.check_permissions(file)
        if not file.exists() or any(one.severity is Severity.FAULT and one.check == "integrity" for one in findings):
            return findings
    try:
        context = open_context(url)
    except (StoreError, ServiceError) as error:
        return [*findings, fault("store", error.text, text("Do as it says, then ask the doctor again."))]
    return [*findings, *_look_inside(context, now)]


def _look_inside(context: Context, now: datetime) -> list[CheckResult]:
    store = context.storage()
    findings = [fine("store", text("The tables are at version {version}", version=store.version()))]
    findings.append(store_checks.check_trail(context))
    with context.look(Action.MAINTAIN) as tx:
        findings += [
            *store_checks.check_values(context, tx),
            store_checks.check_orders(tx),
            store_checks.check_clock(tx, now),
            *store_checks.check_accounts(tx),
            *store_checks.check_demo(tx),
            *store_checks.check_looks(tx, now),
        ]
        noted = tx.records.read_fact(BACKUPS_FACT)
    return [*findings, *system_checks.check_backups(store.file, store.name, now, Path(noted) if noted else None)]
