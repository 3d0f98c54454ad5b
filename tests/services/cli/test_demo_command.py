import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import open_context


@pytest.fixture
def store(tmp_path):
    return f"sqlite:///{tmp_path / 'demo.gpkg'}"


def test_demo_fills_an_empty_store_and_every_member_has_an_assignment(store, capsys):
    assert run(app, ["demo", "--store", store, "--seed", "2"]) == Exit.DONE
    assert "200 个网格，4500 名党员" in capsys.readouterr().out
    with open_context(store).look(Action.VIEW_COVERAGE) as tx:
        assert tx.count(Layer.GRIDS) == 200
        assert len(tx.read_assignments()) == 4500


def test_demo_refuses_a_store_that_holds_data(store, capsys):
    run(app, ["demo", "--store", store])
    capsys.readouterr()
    assert run(app, ["demo", "--store", store]) == Exit.FAILED
    assert "演示数据只写入空库" in capsys.readouterr().err


def test_demo_can_write_files_and_leaves_stores_alone(tmp_path, capsys):
    assert run(app, ["demo", "--files", str(tmp_path / "out")]) == Exit.DONE
    assert {path.stem for path in (tmp_path / "out").iterdir()} == {layer.value for layer in Layer}
    assert "11 个文件" in capsys.readouterr().out


def test_an_unknown_size_is_a_wrong_call(store):
    assert run(app, ["demo", "--store", store, "--size", "village"]) == Exit.WRONG_CALL
