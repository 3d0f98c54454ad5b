"""``gridmuster brief``: a briefing as slides, paper or a picture, without a browser."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from services.briefing import (
    EVERY_SECTION,
    Briefing,
    BriefingRequest,
    SectionChoice,
    SectionName,
    find_template,
    freeze,
    make_briefing,
    read_briefing,
)
from services.cli.app import app
from services.cli.files import check_target, write_new
from services.cli.shell import StoreOption, context_for, read_window, refuse, say
from services.context import Context
from services.export.briefing import choose_sections, record_file, section_png, to_atlas_pdf, to_pdf, to_pptx
from services.i18n import LANGUAGES, current_language, text
from services.modes import current_mode
from services.rules.windows import Mode

FILES: Final = (".pptx", ".pdf", ".png")
_WINDOW: Final = "tonight"


@app.command("brief")
def brief_command(
    out: Annotated[Path, typer.Option("--out", help="结果文件：.pptx .pdf .png")],
    store: StoreOption = "",
    sections: Annotated[
        str, typer.Option("--sections", help=f"要哪几节，用逗号隔开，按此顺序：{','.join(SectionName)}；不写则全部")
    ] = "",
    window: Annotated[
        str, typer.Option("--window", help="时段：now、tonight、tomorrow-morning、weekend，或“起/止”；不写则为今晚")
    ] = "",
    mode: Annotated[Mode | None, typer.Option("--mode", help="状态；不写则用当前状态")] = None,
    plan: Annotated[int | None, typer.Option("--plan", help="汇报哪个方案（编号）；不写则为已派出的队伍")] = None,
    compare: Annotated[
        int | None, typer.Option("--compare", help="与第几号已定格的汇报比较；不写则与往日同一时段最近的一份比")
    ] = None,
    snapshot: Annotated[int | None, typer.Option("--snapshot", help="打开已定格的汇报（编号），一字不差")] = None,
    frozen: Annotated[bool, typer.Option("--freeze", help="先定格并编号，以后可再打开")] = False,  # noqa: FBT002 - a flag of the shell
    atlas: Annotated[bool, typer.Option("--atlas", help="分社区图册，每个社区一页（只用于 .pdf）")] = False,  # noqa: FBT002 - a flag of the shell
    template: Annotated[
        str, typer.Option("--template", help="按在页面上存好的模板选章节、排顺序、加批注；不能和 --sections 同时用")
    ] = "",
    lang: Annotated[str, typer.Option("--lang", help="语言：zh en；不写则用设置里的")] = "",
) -> None:
    """把汇报写成幻灯片、公文或图片。"""
    suffix = check_target(out, FILES, store)
    chosen = _read_sections(sections)
    _check(suffix, chosen, lang, is_atlas=atlas)
    if snapshot is not None and (window or mode or plan is not None or compare is not None or frozen):
        refuse(
            text(
                "A kept briefing says what it said: give --snapshot without --window, --mode, --plan, --compare or "
                "--freeze"
            )
        )
    if template and (chosen or snapshot is not None or suffix == ".png"):
        refuse(text("A template says which sections: give --template without --sections or --snapshot, not for .png"))
    context = context_for(store)
    language = lang or current_language()
    if snapshot is None:
        sections_of = find_template(context, template).sections if template else _choices(chosen)
        request = replace(_request(context, window or _WINDOW, mode, language, plan, sections_of), compare=compare)
        briefing = _make(context, request, is_kept=frozen)
    else:
        briefing = choose_sections(read_briefing(context, snapshot, language), chosen)
    content = _render(briefing, suffix, is_atlas=atlas)
    record_file(context, briefing, suffix, content)
    write_new(out, content)
    if frozen and briefing.number is not None:
        say("The briefing is kept as number {number}", number=briefing.number)
    say("Briefing with {count} sections written to {file}", count=len(briefing.sections), file=str(out))


def _read_sections(given: str) -> tuple[SectionName, ...]:
    names = given.replace("，", ",").replace(",", " ").split()
    for name in names:
        if name not in set(SectionName):
            refuse(text("There is no section {name}; give some of {all}", name=name, all=" ".join(SectionName)))
    return tuple(SectionName(name) for name in names)


def _check(suffix: str, chosen: tuple[SectionName, ...], language: str, *, is_atlas: bool) -> None:
    if language and language not in LANGUAGES:
        refuse(text("There is no language {given}; give one of {all}", given=language, all=" ".join(LANGUAGES)))
    if suffix == ".png" and len(chosen) != 1:
        refuse(text("A picture shows one section: name it in --sections"))
    if is_atlas and suffix != ".pdf":
        refuse(text("An atlas is written as .pdf"))


def _request(
    context: Context,
    window: str,
    mode: Mode | None,
    language: str,
    plan: int | None,
    sections: tuple[SectionChoice, ...],
) -> BriefingRequest:
    when = read_window(context, window)
    return BriefingRequest(when, mode or current_mode(context).mode, language, sections, plan)


def _choices(chosen: tuple[SectionName, ...]) -> tuple[SectionChoice, ...]:
    return tuple(SectionChoice(name) for name in chosen) or EVERY_SECTION


def _make(context: Context, request: BriefingRequest, *, is_kept: bool) -> Briefing:
    """Return the briefing, read back from what was kept where it was kept: file and snapshot cannot differ."""
    return (
        read_briefing(context, freeze(context, request), request.language)
        if is_kept
        else make_briefing(context, request)
    )


def _render(briefing: Briefing, suffix: str, *, is_atlas: bool) -> bytes:
    match suffix:
        case ".pptx":
            return to_pptx(briefing)
        case ".png":
            return section_png(briefing, briefing.sections[0].name)
    return to_atlas_pdf(briefing) if is_atlas else to_pdf(briefing)
