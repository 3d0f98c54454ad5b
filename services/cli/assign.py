"""``gridmuster assign``: points of one file onto zones of another, without a store."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from geo.schema import Datum, Method
from services.cli.app import app
from services.cli.shell import Exit, complain, console, say
from services.export.tables import write_plain_xlsx
from services.file_assignment import FileAssignment, FileAssignmentRequest, assign_files
from services.i18n import translate
from services.imports.findings import message_of
from services.imports.read.upload import read_upload

_WRITERS: Final[Mapping[str, Callable[[pd.DataFrame], bytes]]] = {
    ".csv": lambda table: table.to_csv(index=False).encode(),
    ".xlsx": lambda table: write_plain_xlsx(translate("Assignments"), table),
    ".parquet": lambda table: table.to_parquet(index=False),
}
_PER_CENT = "{:.2%}"


@app.command("assign")
def assign_command(
    points: Annotated[Path, typer.Argument(help="点位文件")],
    zones: Annotated[Path, typer.Argument(help="区划文件")],
    out: Annotated[Path, typer.Option("--out", help="结果文件：.csv .xlsx .parquet")],
    zone_id: Annotated[str, typer.Option("--zone-id", help="区划编号所在的列")] = "",
    point_id: Annotated[str, typer.Option("--point-id", help="点位编号所在的列")] = "",
    points_datum: Annotated[Datum, typer.Option("--points-datum", help="点位坐标系")] = Datum.WGS84,
    zones_datum: Annotated[Datum, typer.Option("--zones-datum", help="区划坐标系")] = Datum.WGS84,
    max_distance: Annotated[
        float, typer.Option("--max-distance", min=0, help="区划外多少米以内仍归入最近的区划")
    ] = 500.0,
    expect: Annotated[str, typer.Option("--expect", help="点位应落入的区划所在的列，用来核对")] = "",
    rename: Annotated[list[str] | None, typer.Option("--rename", help="区划改名：旧名=新名，可多次给出")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="报告文件（JSON）")] = None,
) -> None:
    """把一个文件里的点归入另一个文件里的区划，不需要数据库。"""
    _check_target(out)
    question = FileAssignmentRequest(
        zone_id=zone_id,
        point_id=point_id,
        expect=expect,
        points_datum=points_datum,
        zones_datum=zones_datum,
        max_distance_m=max_distance,
        renamed=_renamed(rename or []),
    )
    answer = assign_files(read_upload(points), read_upload(zones), question)
    _write(answer.table, out)
    if report is not None:
        report.write_text(json.dumps(answer.report(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _tell(answer, out)
    if answer.problems:
        raise typer.Exit(Exit.ROWS_REJECTED)


def _check_target(out: Path) -> None:
    if out.suffix.lower() not in _WRITERS:
        raise typer.BadParameter(translate("The result can be written as {kinds}", kinds=" ".join(_WRITERS)))
    if not out.parent.is_dir():
        raise typer.BadParameter(translate("The folder {folder} does not exist; make it first", folder=str(out.parent)))


def _renamed(pairs: list[str]) -> dict[str, str]:
    split = [pair.partition("=") for pair in pairs]
    if not all(old and new for old, _, new in split):
        raise typer.BadParameter(translate("A change of name is given as old=new"))
    return {old.strip(): new.strip() for old, _, new in split}


def _write(table: pd.DataFrame, out: Path) -> None:
    rounded = table.assign(distance_m=table["distance_m"].round(2))
    out.write_bytes(_WRITERS[out.suffix.lower()](rounded))


def _tell(answer: FileAssignment, out: Path) -> None:
    counts = answer.table["method"].value_counts()
    say(
        "{count} points: {inside} inside, {nearest} to the nearest zone, {unlocated} without a zone. Written to {file}",
        count=len(answer.table),
        inside=int(counts.get(Method.INSIDE, 0)),
        nearest=int(counts.get(Method.NEAREST, 0)),
        unlocated=int(counts.get(Method.UNLOCATED, 0)),
        file=out.name,
    )
    if answer.repairs:
        say(
            "{count} zones were repaired: {names}",
            count=len(answer.repairs),
            names="、".join(r.name for r in answer.repairs),
        )
    for problem in answer.problems[:10]:
        complain("Row {row}: {what} {value}", row=problem.row, what=message_of(problem), value=problem.value)
    _tell_agreement(answer)


def _tell_agreement(answer: FileAssignment) -> None:
    if answer.agreement is None:
        return
    say(
        "{share} of the points fall into the zone they name (as {datum}; {others})",
        share=_PER_CENT.format(answer.share_agreeing),
        datum=answer.datum.value,
        others="; ".join(f"{d.value} {share:.2%}" for d, share in answer.agreement.scores.items()),
    )
    if answer.better_datum is not None:
        console.bell()
        complain(
            "Warning: {better} agrees better than {given}; the points are probably in {better}",
            better=answer.better_datum.value,
            given=answer.datum.value,
        )
