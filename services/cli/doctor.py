"""``gridmuster doctor``: what is wrong with this installation, and what to do about it."""

import json
from typing import Annotated, Final

import typer

from services.cli.app import app
from services.cli.shell import Exit, StoreOption, console, say
from services.i18n import translate
from services.maintenance import CheckResult, Severity, diagnose
from services.settings import read_settings

_MARKS: Final = {Severity.FINE: "✓", Severity.WARNING: "!", Severity.FAULT: "✗"}


@app.command("doctor")
def doctor_command(
    store: StoreOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="给程序读的 JSON")] = False,  # noqa: FBT002 - a flag on the command line
) -> None:
    """体检：版本、数据、审计、磁盘、时区、时钟、权限、备份、帐号，有问题说明怎么办。

    有问题时退出码为 1。
    """
    findings = diagnose(store or read_settings().store)
    if as_json:
        typer.echo(json.dumps([_as_json(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            _show(finding)
    if any(finding.severity is not Severity.FINE for finding in findings):
        raise typer.Exit(Exit.FAILED)
    if not as_json:
        say("Nothing is wrong.")


def _show(finding: CheckResult) -> None:
    console.print(f"{_MARKS[finding.severity]} {translate(finding.what)}", markup=False, soft_wrap=True)
    if finding.advice is not None:
        console.print(f"  → {translate(finding.advice)}", markup=False, soft_wrap=True)


def _as_json(finding: CheckResult) -> dict[str, str]:
    advice = translate(finding.advice) if finding.advice else ""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "what": translate(finding.what),
        "advice": advice,
    }
