"""An import killed while it writes leaves nothing, and goes through afterwards."""

from .importing import kill_import


def test_nothing_is_half_imported(town_url, tmp_path):
    killed, _took = kill_import(town_url, tmp_path, 5_000, kills=2)
    assert killed == 2
