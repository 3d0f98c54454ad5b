"""A server that is killed while it writes an import leaves nothing of it, and it goes through afterwards."""

import pytest

from tests.faults.importing import fill_for_import, import_through, kill_server_importing

pytestmark = pytest.mark.browser
ROWS = 10_000


def test_nothing_is_half_imported_when_the_server_is_killed(page, store_url, tmp_path):
    fill_for_import(store_url)
    kill_server_importing(page, store_url, tmp_path, ROWS)
    import_through(store_url, ROWS)
