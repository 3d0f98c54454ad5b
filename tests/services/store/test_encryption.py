"""Telephone numbers in the store: sealed by whoever writes them, found by fingerprint, opened only when asked for."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from geo.schema import Layer
from services.field_encryption import PREFIX, EncryptionError
from services.store import Store, tables
from services.store.encryption import WITH_PHONES

PHONE, OTHER = "13812345678", "13912345678"


def people(**phones):
    frame = pd.DataFrame(
        {"name": list(phones), "phone": list(phones.values())}, index=pd.Index(list(phones), name="code")
    )
    return frame.astype({"phone": object})


def put(store, layer=Layer.MEMBERS, *, batch_id=None, **phones):
    with store.write() as tx:
        tx.upsert(layer, people(**phones), batch_id=batch_id)


def stored(store, layer=Layer.MEMBERS):
    table = tables.layers[layer]
    with store.read() as tx:
        rows = tx._connection.execute(select(table.c.code, table.c.phone)).all()
    return dict(map(tuple, rows))


def batch(store):
    with store.write() as tx:
        return tx.records.add_batch(
            layer="members", file_name="a", file_sha256="", at="2026-11-01T08:00:00", actor="local",
            rows_read=1, rows_accepted=1, rows_rejected=0, report="{}",
        )  # fmt: skip


@pytest.mark.parametrize("layer", WITH_PHONES)
def test_a_number_is_sealed_in_every_layer_that_has_one(store, layer):
    put(store, layer, A=PHONE, B=None)
    assert stored(store, layer)["A"].startswith(PREFIX)
    assert stored(store, layer)["B"] is None
    with store.read() as tx:
        assert PHONE not in tx.read_layer(layer).to_csv()
        assert tx.sealed.open_phones(layer, ["A", "B", "C"]) == {"A": PHONE}


def test_what_was_read_can_be_written_back(store):
    put(store, A=PHONE)
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, tx.read_layer(Layer.MEMBERS, columns=["name", "phone"]))
    with store.read() as tx:
        assert tx.sealed.open_phones(Layer.MEMBERS, ["A"]) == {"A": PHONE}
        assert tx.sealed.find_members(PHONE) == ["A"]


def test_a_member_is_found_by_the_whole_number_only(store):
    put(store, A=PHONE, B=OTHER, C=PHONE)
    with store.read() as tx:
        assert tx.sealed.find_members(PHONE) == ["A", "C"]
        assert tx.sealed.find_members(PHONE[:-1]) == []


def test_a_number_that_is_taken_away_is_not_found_any_more(store):
    put(store, A=PHONE)
    put(store, A=None)
    with store.read() as tx:
        assert tx.sealed.find_members(PHONE) == []


def test_an_import_that_does_not_tell_numbers_leaves_them(store):
    put(store, A=PHONE)
    with store.write() as tx:
        tx.upsert(Layer.MEMBERS, people(A=None).drop(columns="phone"))
    with store.read() as tx:
        assert tx.sealed.find_members(PHONE) == ["A"]


def test_what_an_import_replaced_is_kept_sealed_and_comes_back(store):
    put(store, A=PHONE)
    number = batch(store)
    put(store, A=OTHER, batch_id=number)
    with store.write() as tx:
        kept = tx._connection.scalar(select(tables.replaced_rows.c.row))
        tx.restore_replaced(Layer.MEMBERS, number)
        assert PHONE not in kept
        assert tx.sealed.find_members(PHONE) == ["A"]
        assert tx.sealed.open_phones(Layer.MEMBERS, ["A"]) == {"A": PHONE}


def test_another_key_is_refused_when_the_store_is_opened(store, store_url, monkeypatch):
    put(store, A=PHONE)
    monkeypatch.setenv("GRIDMUSTER_KEY", "A" * 43 + "=")
    with pytest.raises(EncryptionError, match="another key"):
        Store.open(store_url)


def test_a_store_without_anything_sealed_asks_for_no_key(store, store_url, monkeypatch):
    monkeypatch.delenv("GRIDMUSTER_KEY")
    Store.open(store_url).close()
    assert not list(Path().glob("*.key"))


def file_bytes(folder):
    return b"".join(path.read_bytes() for path in Path(folder).iterdir() if ".gpkg" in path.name)


def test_no_number_stands_in_the_file_its_log_or_after_packing(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/a.gpkg")
    put(store, A=PHONE)
    assert PHONE.encode() not in file_bytes(tmp_path)
    with store.engine.connect() as connection:
        connection.connection.driver_connection.execute("VACUUM").close()
    store.fold()
    assert PHONE.encode() not in file_bytes(tmp_path)
    store.close()


def test_a_file_without_its_key_is_refused_and_no_new_key_is_made(tmp_path, monkeypatch):
    monkeypatch.delenv("GRIDMUSTER_KEY")
    url = f"sqlite:///{tmp_path}/a.gpkg"
    store = Store.open(url)
    put(store, A=PHONE)
    store.close()
    key = tmp_path / "a.gpkg.key"
    key.rename(tmp_path / "elsewhere")
    with pytest.raises(EncryptionError, match="key of the store is missing"):
        Store.open(url)
    assert not key.exists()
