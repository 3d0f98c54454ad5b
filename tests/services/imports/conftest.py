"""A store for each test, and Chinese as the language."""

import shutil
import sys
from pathlib import Path

import pytest

from services.context import Context, open_context
from services.i18n import use_language

sys.path.append(str(Path(__file__).parent))  # for town.py, which the tests here share


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


@pytest.fixture
def context(empty_file: Path, tmp_path: Path) -> Context:
    """Return a context on an empty store."""
    return open_context(f"sqlite:///{shutil.copy(empty_file, tmp_path)}")
