"""``gridmuster import``: a file into a layer of the store, or only a look at what would happen."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from geo.schema import Datum, Layer
from services.cli.app import app
from services.cli.changes import change_facts
from services.cli.demo_end import tell_demo_end
from services.cli.help_words import CHINESE_LAYERS
from services.cli.shell import Exit, StoreOption, complain, console, new_context_for, say, store_exists
from services.i18n import text, translate
from services.imports import (
    AxisSwap,
    BadValues,
    FarPlaces,
    Options,
    Outlines,
    StagedImport,
    StoredData,
    action_text,
    commit,
    make_report,
    message_of,
    read_upload,
    stage_file,
    stage_table,
    unknown_columns,
)
from services.imports.check.datums import DATUM_NAMES, DatumSource
from services.imports.findings import Treatment
from services.imports.sandbox.process import read_table

SHOWN_FINDINGS = 10
SHOWN_REPAIRS = 5
_ORDER = (Treatment.REJECTED, Treatment.LEFT_OUT, Treatment.KEPT, Treatment.NOTED)
_HOW = {
    DatumSource.GIVEN: text("as given"),
    DatumSource.DECLARED: text("as the file declares"),
    DatumSource.GUESSED: text("guessed"),
}


class DatumChoice(StrEnum):
    """What ``--datum`` takes."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    AUTO = "auto"

    @property
    def datum(self) -> Datum | None:
        """The datum, or None for ``auto``."""
        return None if self is DatumChoice.AUTO else Datum(self.value)


@app.command("import")
def import_command(
    layer: Annotated[Layer, typer.Argument(help=CHINESE_LAYERS)],
    file: Annotated[Path, typer.Argument(help="数据文件")],
    store: StoreOption = "",
    datum: Annotated[
        DatumChoice, typer.Option("--datum", help="坐标系；auto 按文件声明或与已存边界比对")
    ] = DatumChoice.AUTO,
    encoding: Annotated[str, typer.Option("--encoding", help="文字编码")] = "auto",
    layer_name: Annotated[str, typer.Option("--layer-name", help="文件里有多个图层时读哪一个")] = "",
    sheet: Annotated[str, typer.Option("--sheet", help="工作簿里有多张表时读哪一张")] = "",
    crs: Annotated[str, typer.Option("--crs", help="文件没有声明时的投影，如 EPSG:4547")] = "",
    swap: Annotated[
        AxisSwap, typer.Option("--swap", help="经纬度颠倒的行：report 只报告，apply 换过来")
    ] = AxisSwap.REPORT,
    outlines: Annotated[
        Outlines,
        typer.Option("--outlines", help="库里有边界而文件里只有点或一小块的行：keep 保留边界，replace 按文件替换"),
    ] = Outlines.KEEP,
    bad_values: Annotated[
        BadValues, typer.Option("--bad-values", help="库里已有、文件里的值不对时：keep 保留库里的，clear 清空")
    ] = BadValues.KEEP,
    far: Annotated[
        FarPlaces, typer.Option("--far", help="离所写的上级（社区、网格等）很远的行：refuse 不导入，accept 照写")
    ] = FarPlaces.REFUSE,
    column: Annotated[list[str] | None, typer.Option("--column", help="指定列：字段=表头，可多次给出")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,  # noqa: FBT002 - a flag of the shell
    report: Annotated[Path | None, typer.Option("--report", help="报告文件（JSON）")] = None,
) -> None:
    """把文件导入一个图层；有问题的行不写入，逐行说明原因。"""
    options = Options(
        datum=datum.datum,
        encoding=encoding,
        layer_name=layer_name or None,
        sheet=sheet or None,
        crs=crs or None,
        swap=swap,
        outlines=outlines,
        bad_values=bad_values,
        far=far,
        columns=_columns(column or []),
    )
    upload = read_upload(file)
    if dry_run and not store_exists(store):
        staged = stage_table(read_table(upload, layer, options), upload, layer, options, StoredData())
    else:
        staged = stage_file(new_context_for(store), upload, layer, options)
    if report is not None:
        report.write_text(json.dumps(make_report(staged), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _tell(staged)
    if dry_run:
        say("Only looked at; nothing was written")
    else:
        _write(staged, store)
    if staged.rows_rejected:
        raise typer.Exit(Exit.ROWS_REJECTED)


def _columns(stated: list[str]) -> dict[str, str | None]:
    pairs = [pair.partition("=") for pair in stated]
    if any(not separator for _, separator, _ in pairs):
        raise typer.BadParameter(translate("A column is given as field=header, like name=网格名称"))
    return {field.strip(): header.strip() or None for field, _, header in pairs}


def _write(staged: StagedImport, store: str) -> None:
    context = new_context_for(store)
    done = commit(context, staged)
    say(
        "Import {number}: {inserted} rows added, {replaced} rows replaced",
        number=done.batch_id,
        inserted=done.inserted,
        replaced=done.replaced,
    )
    if done.demo_end is not None:
        tell_demo_end(done.demo_end)
    summary = done.summary
    if summary is not None and summary.members:
        say("Members: {located} located, {unlocated} not", located=summary.located, unlocated=summary.unlocated)


def _tell(staged: StagedImport) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for label, value in _facts(staged):
        table.add_row(label, value)
    console.print(table, soft_wrap=True)
    if staged.is_understood:
        _tell_findings(staged)
    else:
        complain(
            text(
                "{sentence}. Is it the right layer, sheet and encoding? Otherwise say which column is the name, like"
                " --column name=网格名称",
                sentence=unknown_columns(staged),
            )
        )
    if staged.swap_explains:
        complain(
            "{count} rows come right with longitude and latitude swapped: --swap apply", count=staged.swap_explains
        )
    if staged.outlines_kept:
        complain(
            "{count} stored outlines stay: the file has only a point or a small part of them. To replace them:"
            " --outlines replace",
            count=staged.outlines_kept,
        )
    if staged.rows_far:
        complain(
            "{count} rows left out: they lie far from where they are said to belong. If that is right: --far accept",
            count=staged.rows_far,
        )


def _facts(staged: StagedImport) -> list[tuple[str, str]]:
    report = make_report(staged)
    topology, use = report["topology"], staged.datum
    facts = [
        (translate("File"), f"{staged.file_name}（{staged.source.format}）"),
        *_parts(staged),
        (translate("Rows read"), str(staged.rows_read)),
        (translate("Rows accepted"), _accepted(staged)),
        (translate("Rows rejected"), str(staged.rows_rejected)),
        *change_facts(staged),
        (translate("Unused columns"), "、".join(staged.mapping.unused) or translate("none")),
    ]
    if staged.repairs:
        facts.append((translate("Repaired shapes"), _repaired(staged)))
    if use.datum and use.how:
        margin = (
            ""
            if use.margin is None or not use.is_settled or use.how is not DatumSource.GUESSED
            else translate(", margin {margin}", margin=f"{use.margin:.3f}")
        )
        how = translate(_HOW[use.how] if use.is_settled else text("assumed"))
        facts.append((translate("Datum"), f"{DATUM_NAMES[use.datum]}（{how}{margin}）"))
    if staged.topology is not None:
        for label, kind in ((translate("Overlaps"), "overlap"), (translate("Gaps"), "gap")):
            area = topology[f"{kind}_area_m2"]
            facts.append((label, translate("{count}, {area} m²", count=topology[f"{kind}s"], area=f"{area:,.0f}")))
    return facts


def _parts(staged: StagedImport) -> list[tuple[str, str]]:
    """Return which sheet or layer was read where the file has several."""
    source = staged.source
    read = source.sheet or source.layer or ""
    others = [name for name in source.choices if name != read]
    if not others:
        return []
    label = translate("Sheet") if source.sheet else translate("Layer of the file")
    return [(label, translate("{read} (not read: {others})", read=read, others="、".join(others)))]


def _accepted(staged: StagedImport) -> str:
    replaced = staged.rows_replacing
    return translate(
        "{count} (new {inserted}, stored already {replaced})",
        count=staged.rows_accepted,
        inserted=len(staged.frame) - replaced,
        replaced=replaced,
    )


def _repaired(staged: StagedImport) -> str:
    names = "、".join(repair.name or str(repair.row) for repair in staged.repairs[:SHOWN_REPAIRS])
    more = len(staged.repairs) - SHOWN_REPAIRS
    return translate("{names} and {count} more", names=names, count=more) if more > 0 else names


def _tell_findings(staged: StagedImport) -> None:
    shown = sorted(staged.findings, key=lambda f: (_ORDER.index(f.action), f.problem.row))[:SHOWN_FINDINGS]
    for finding in shown:
        problem = finding.problem
        place = translate("Row {row}", row=problem.row) if problem.row else translate("Whole file")
        parts = (place, problem.column, problem.value, message_of(problem), action_text(finding.action))
        console.print(" · ".join(part for part in parts if part), markup=False, soft_wrap=True)
    if len(staged.findings) > SHOWN_FINDINGS:
        say("… and {count} more; --report writes all of them", count=len(staged.findings) - SHOWN_FINDINGS)
