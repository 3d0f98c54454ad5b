"""Sealing: nobody reads it without the key, nobody changes it unnoticed."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.field_encryption import EncryptionError, FieldCipher, make_key_file, read_cipher
from services.settings import Settings

SEALER = FieldCipher(bytes(range(32)))


@given(st.text())
def test_what_was_sealed_opens_again(value):
    assert SEALER.open(SEALER.seal(value)) == value


def test_the_same_text_looks_different_every_time_but_has_one_fingerprint():
    assert SEALER.seal("13800000000") != SEALER.seal("13800000000")
    assert SEALER.fingerprint("13800000000") == SEALER.fingerprint("13800000000")


def test_another_key_neither_opens_nor_finds():
    other = FieldCipher(bytes(32))
    with pytest.raises(EncryptionError):
        other.open(SEALER.seal("13800000000"))
    assert other.fingerprint("13800000000") != SEALER.fingerprint("13800000000")


def test_a_changed_character_is_noticed():
    sealed = SEALER.seal("13800000000")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(EncryptionError):
        SEALER.open(changed)


def test_what_was_never_sealed_comes_back_as_it_is():
    assert SEALER.open("13800000000") == "13800000000"


def test_the_key_never_shows():
    assert "\\x01" not in repr(SEALER)


def settings(tmp_path, **given):
    return Settings("", tmp_path, "", "wgs84", "zh", **given)


def test_a_key_file_is_made_beside_the_store_for_its_owner_alone(tmp_path):
    beside = tmp_path / "a.gpkg"
    made = read_cipher(settings(tmp_path), beside=beside)
    path = tmp_path / "a.gpkg.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_cipher(settings(tmp_path), beside=beside) == made


def test_a_key_is_never_written_over(tmp_path):
    make_key_file(tmp_path / "key")
    before = (tmp_path / "key").read_text()
    with pytest.raises(EncryptionError):
        make_key_file(tmp_path / "key")
    assert (tmp_path / "key").read_text() == before


@pytest.mark.parametrize("written", ["", "abc", "x" * 44, "AAAA" * 20])
def test_what_is_no_key_is_refused(tmp_path, written):
    (tmp_path / "key").write_text(written)
    with pytest.raises(EncryptionError) as fault:
        read_cipher(settings(tmp_path, key_file=str(tmp_path / "key")), beside=None)
    assert written == "" or written not in str(fault.value)


def test_a_database_without_a_key_says_what_to_set(tmp_path):
    with pytest.raises(EncryptionError, match="GRIDMUSTER_KEY_FILE"):
        read_cipher(settings(tmp_path), beside=None)
