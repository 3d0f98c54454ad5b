"""Paper by typst: content goes in as data and pictures as files, so nothing in it can be markup."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

from services.clock import seconds_of
from services.errors import ServiceError
from services.i18n import text

SONG: Final = ("Noto Serif SC", "Noto Serif CJK SC")
HEI: Final = ("Noto Sans SC", "Noto Sans CJK SC")
_MAIN: Final = "main.typ"


class MissingFontError(ServiceError, LookupError):
    """Neither the package nor the system has a Chinese font for paper."""

    def __init__(self) -> None:
        super().__init__(
            text(
                "No Chinese font was found: install the package pylopdf-fonts-zh-cn again, or the system's "
                "fonts-noto-cjk"
            )
        )


@dataclass(frozen=True)
class Document:
    """What a template gets: ``content`` as JSON, ``files`` by name (pictures as PNG or SVG)."""

    made_at: datetime
    """Local time of what it tells, which is the date of the file: made again tomorrow, it is the same file."""
    content: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


def compile_pdf(template: str, document: Document) -> bytes:
    """Return a document as PDF.

    Raises
    ------
    MissingFontError
        If there is no Chinese font.
    OSError
        If the folder for temporary files cannot be written to.
    """
    return bytes(_compile(template, document, timestamp=seconds_of(document.made_at)))


def compile_png(template: str, document: Document, *, pixels_per_inch: float) -> bytes:
    """Return the one page of a document as PNG; raises what ``compile_pdf`` raises."""
    made = _compile(template, document, format="png", ppi=pixels_per_inch)
    return bytes(made[0] if isinstance(made, list) else made)


def chinese_fonts() -> typst.Fonts:
    """Return the fonts of the package, or those of the system where the package lacks its files.

    Raises
    ------
    MissingFontError
        If neither has a Song and a Hei face.
    """
    paths = (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())
    return _packed_fonts(paths[0].parent) if all(path.is_file() for path in paths) else _system_fonts()


@cache
def _packed_fonts(folder: Path) -> typst.Fonts:
    """Read the fonts once; they are 20 MB."""
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


@cache
def _system_fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=True)
    found = set(fonts.families())
    if not (found & set(SONG) and found & set(HEI)):
        raise MissingFontError
    return fonts


def _compile(template: str, document: Document, **options: Any) -> Any:
    fonts = {"song": SONG, "hei": HEI}
    inputs = {"content": json.dumps({**document.content, "fonts": fonts}, ensure_ascii=False)}
    with _sources(template, document) as main:
        return typst.compile(main, font_paths=chinese_fonts(), sys_inputs=inputs, **options)


@contextmanager
def _sources(template: str, document: Document) -> Iterator[Path]:
    """Give the template beside its pictures, in a folder of its own: typst takes only texts from memory."""
    with TemporaryDirectory(prefix="briefing") as folder:
        main = Path(folder) / _MAIN
        main.write_text(template, encoding="utf-8")
        for name, content in document.files.items():
            (main.parent / name).write_bytes(content)
        yield main
