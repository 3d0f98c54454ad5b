"""A byte in the files of PostgreSQL that is not what was written: a sentence that names the way out."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from services.store import Store, StoreError


def test_a_changed_byte_is_refused_with_a_sentence(cluster, filled_database):
    name = cluster.new_database(template=filled_database)
    path = cluster.file_of(name, "grids")
    cluster.execute("CHECKPOINT")
    cluster.stop()
    with path.open("r+b") as file:
        file.seek(-20, 2)
        byte = file.read(1)
        file.seek(-20, 2)
        file.write(bytes([byte[0] ^ 1]))
    cluster.start()
    store = Store.open(cluster.url(name))
    with (
        pytest.raises(StoreError, match="files of the database are damaged"),
        Context(store).look(Action.VIEW_COVERAGE) as tx,
    ):
        tx.read_layer(Layer.GRIDS)
    store.close()
    cluster.drop(name)
