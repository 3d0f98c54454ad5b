"""What a database or the system said in its own words stands in logs and on no screen."""

import errno
import os
import re

import pytest
from sqlalchemy.exc import OperationalError

from services.errors import system_reason
from services.field_encryption import EncryptionError, make_key_file
from services.i18n import translate, use_language
from services.store.errors import DamagedDatabaseError, StoreFullError, StoreLostError, lost_error

DRIVER = "server closed the connection unexpectedly"
FOREIGN = re.compile(r"[a-z]{4,}")


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")


@pytest.mark.parametrize("error", [StoreLostError(DRIVER), StoreFullError(DRIVER), DamagedDatabaseError(DRIVER)])
def test_the_words_of_the_driver_are_for_the_log(error):
    assert DRIVER in str(error)
    assert FOREIGN.findall(translate(error.text).replace("gridmuster restore", "")) == []


def test_a_lost_connection_is_told_without_them():
    error = lost_error(OperationalError("SELECT 1", {}, Exception(DRIVER)))
    assert translate(error.text) == "数据库没有回应。请稍后再试；没有提示成功的改动不算保存。"
    assert DRIVER in str(error)


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENOSPC, errno.EROFS])
def test_reasons_of_the_system_are_in_chinese(code):
    assert FOREIGN.findall(translate(system_reason(OSError(code, os.strerror(code))))) == []


def test_a_rare_reason_goes_by_its_name():
    assert translate(system_reason(OSError(errno.EIO, "Input/output error"))) == "系统故障：EIO"


def test_a_key_that_cannot_be_written_says_why_in_chinese(tmp_path):
    with pytest.raises(EncryptionError) as refusal:
        make_key_file(tmp_path / "nowhere" / "store.key")
    assert "没有这个文件或文件夹" in translate(refusal.value.text)
