"""Files made to hurt: each is read or refused with a sentence, in bounded memory and time."""

import hashlib

import pytest

from .children import Bounds
from .hostile import FILES, SECRET, trapped_gpkg


@pytest.mark.parametrize("name", FILES)
def test_is_read_or_refused_with_a_sentence(name, tmp_path, gridmuster):
    file_name, make = FILES[name]
    path = tmp_path / "given" / file_name
    path.parent.mkdir()
    make(path)
    before = set(tmp_path.rglob("*"))
    done = gridmuster("import", "grids", path, "--dry-run", "--datum", "wgs84", bounds=Bounds())
    said = done.said
    assert done.code in {0, 1, 3}, said
    assert said.strip()
    assert "Traceback" not in said
    assert "unexpected" not in said, said
    assert SECRET not in said
    assert set(tmp_path.rglob("*")) == before


def test_triggers_and_views_of_a_geopackage_do_nothing(tmp_path, gridmuster):
    path = tmp_path / "a.gpkg"
    trapped_gpkg(path)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    store = f"sqlite:///{tmp_path}/store.gpkg"
    done = gridmuster("import", "grids", path, "--layer-name", "grids", "--store", store, "--datum", "wgs84")
    assert done.code == 0, done.said
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert SECRET not in done.said
    with_view = gridmuster("import", "grids", path, "--store", store, "--datum", "wgs84", "--dry-run")
    assert SECRET not in with_view.said
