"""Every text that the program can say has its Chinese; parameters are the same in both."""

import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from services.i18n import LOCALE_DIR, catalogue, text, translate, use_language

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "text": None, "translate": None, "say": None, "complain": None, "refuse": None}


def texts_in_source() -> Iterator[tuple[str, str]]:
    for package in ("geo", "services", "dashboard"):
        found = extract_from_dir(str(ROOT / package), keywords=KEYWORDS, method_map=[("**.py", "python")])
        for file, line, message, *_ in found:
            yield (message if isinstance(message, str) else message[0]), f"{package}/{file}:{line}"


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


def test_no_text_lacks_its_chinese():
    lacking = [f"{where} {message}" for message, where in texts_in_source() if message not in catalogue("zh")]
    assert lacking == []


def test_translations_use_the_same_parameters():
    wrong = {id_: said for id_, said in catalogue("zh").items() if placeholders(id_) != placeholders(said)}
    assert wrong == {}


def test_no_translation_is_left_over():
    assert set(catalogue("zh")) - {message for message, _ in texts_in_source()} == set()


def test_a_text_stands_in_one_catalogue_only():
    files = sorted((LOCALE_DIR / "zh" / "LC_MESSAGES").glob("*.po"))
    ids = [str(message.id) for file in files for message in read_po(file.open("rb")) if message.id]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []


def test_a_text_is_said_in_the_language_in_use():
    message = text("There is no member, estate or grid with the code {code}.", code="G1")
    assert translate(message) == "没有编号为 G1 的党员、小区或网格。"
    use_language("en")
    assert translate(message) == "There is no member, estate or grid with the code G1."


def test_an_unknown_language_is_chinese():
    use_language("fr")
    assert translate("The store cannot be opened: {why}", why="?") == "数据库文件打不开：?"


def test_how_many_there_are_is_said_with_its_thousands_apart():
    assert translate("and {count} more that are not listed", count=1886) == "另有 1,886 行未列出"
    assert translate("and {count} more that are not listed", count="1886") == "另有 1886 行未列出"
    assert translate("#{number}", number=1886) == "#1886"
