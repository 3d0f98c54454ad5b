"""KML and GPX as GDAL can read them: whole, in UTF-8, without anything that could be expanded."""

import re
from typing import Final
from xml.parsers import expat

from services.i18n import text
from services.imports.errors import ImportFileError, broken_off
from services.imports.read.text_files import AUTO, decode

_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION: Final = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.-]{1,40})["'][^>]*>""")
_CHINESE: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs"}
"""Encodings of which GDAL knows nothing, and what reads all that is written in them."""
_AT_THE_END: Final = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
"""What is wrong with a document that ends in the middle."""
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def prepare_markup(data: bytes, name: str) -> bytes:
    """Return a document in UTF-8, or in UTF-16 where it was.

    It is read as its declaration says; where that is UTF-8, or nothing, and is not true, by the bytes.

    Raises
    ------
    ImportFileError
        If it declares entities, or is not complete.
    """
    document = _in_utf8(data)
    if _ENTITIES.search(document.replace(b"\x00", b"")):
        raise ImportFileError(text("The KML file declares a document type or entities and is not opened"))
    try:
        expat.ParserCreate().Parse(document, True)  # noqa: FBT003 - it takes no name: this is the last piece
    except expat.ExpatError as error:
        if error.code in _AT_THE_END:
            raise ImportFileError(broken_off(name)) from error
        place = {"line": error.lineno, "column": error.offset + 1}
        raise ImportFileError(text("The file is no complete XML: line {line}, column {column}", **place)) from error
    return document


def _in_utf8(data: bytes) -> bytes:
    if data.startswith(_UTF16_MARKS):
        return data
    declaration = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = declaration[1].decode().lower() if declaration else "utf-8"
    if name in _CHINESE:
        content, _used = decode(data, encoding=_CHINESE[name])
    elif name == "utf-8" and not _is_utf8(data):
        content, _used = decode(data, encoding=AUTO)
    else:
        return data
    return _DECLARATION.sub(b'<?xml version="1.0" encoding="UTF-8"?>', content.encode(), count=1)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
