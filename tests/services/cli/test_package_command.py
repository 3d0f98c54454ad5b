"""``gridmuster package``: scenario 9 of packages, word for word, from offering to withdrawing."""

import pytest

from services import rostering
from services.cli import app
from services.cli.shell import Exit, run
from services.coverage import load_inputs
from tests.services.planning.conftest import chinese, file_store, filled, now, office  # noqa: F401 - fixtures
from tests.services.rostering.package_world import NORTH, SOUTH, fill_units, make_roster, shift_of
from tests.services.rostering.people import put

OFFER = ("offer", "--unit", "U1", "--community", "C1", "--posts", NORTH, "--start", "2026-11-30")


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def world(office):  # noqa: F811 - the fixture above
    fill_units(office)
    return office


@pytest.fixture
def roster(world):
    return make_roster(world)


@pytest.fixture
def package(world, capsys):
    """Return a function that runs a command and gives its exit code with what was printed."""

    def call(*arguments: object):
        code = run(app, ["package", *map(str, arguments), "--store", f"sqlite:///{world.file}"])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


def test_a_package_is_offered_accepted_split_named_and_seated(world, roster, package):
    code, said = package(*OFFER)
    assert code == Exit.DONE
    assert "需 98 人次，23 人每周最多 69 人次，缺 29：至少要 33 人，或减少班次" in said
    assert package("accept", 1)[0] == Exit.DONE
    code, said = package("batches", 1, "--split", 3, "--people", 23)
    assert said.splitlines() == [
        "第 1 批 11-30 – 12-02：应到 8 人，已报 0 人",
        "第 2 批 12-03 – 12-04：应到 8 人，已报 0 人",
        "第 3 批 12-05 – 12-06：应到 7 人，已报 0 人",
    ]
    code, said = package("batches", 1, "--batch", 3, "--names", "党员1，党员2、M003")
    assert said.splitlines()[2] == "第 3 批 12-05 – 12-06：应到 7 人，已报 3 人：党** M001、党** M002、党** M003"
    inputs = load_inputs(world)
    board = rostering.read_board(world, roster, inputs)
    put(world, roster, inputs, shift_of(board, SOUTH, 5, 8), "M001", "home")
    code, said = package("seat", 1, roster)
    assert "不能在北门岗值守（12-05 08:00–10:00）：同一时间在南门岗值守（12-05 08:00–10:00）" in said
    assert "排上 8 人次，仍空 90" in said
    code, said = package("list", "--open")
    assert code == Exit.ROWS_REJECTED
    assert "北门岗" in said
    code, said = package("withdraw", 1)
    assert "已排的 8 人次重新空出" in said
    assert package("list", "--open") == (Exit.DONE, "没有可列的内容。\n")


def test_units_take_turns_by_the_week(world, package):
    code, said = package(*OFFER, "--unit", "U2", "--name", "轮流")
    assert code == Exit.DONE
    assert "税务局与雅瑶社区没有结对" in said
    code, said = package("list")
    assert "11-30 – 12-06" in said
    assert "12-07 – 12-13" in said
    assert "北门岗 08:00–22:00 每天" in said


def test_seats_are_given_back_and_offers_declined(world, roster, package):
    package(*OFFER, "--weekdays", "12345", "--hours", "20-24")
    assert package("decline", 1)[0] == Exit.DONE
    package(*OFFER)
    package("accept", 2, "--people", 33)
    assert package("release", 2, "--from", "2026-11-30T00:00", "--until", "2026-12-01T00:00")[0] == Exit.DONE
    assert "已释放给社区" in package("list", "--open")[1]
    assert package("batches", 2, "--split", 1)[1] == "第 1 批 11-30 – 12-06：应到 33 人，已报 0 人\n"
    package("batches", 2, "--batch", 1, "--names", "M001")
    assert package("batches", 2, "--batch", 1, "--out", "M001")[1] == "第 1 批 11-30 – 12-06：应到 33 人，已报 0 人\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((*OFFER, "--hours", "晚上"), Exit.WRONG_CALL, "晚上"),
        ((*OFFER, "--weekdays", "189"), Exit.WRONG_CALL, "1 到 7"),
        ((*OFFER, "--posts", ","), Exit.FAILED, "至少选一个岗位"),
        (("batches", 1, "--names", "党员1"), Exit.WRONG_CALL, "--batch 1"),
        (("batches", 9), Exit.WRONG_CALL, "没有编号为 9 的承包"),
        (("accept", 9), Exit.FAILED, "没有编号为 9 的承包"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(world, package, arguments, code, words):
    found, said = package(*arguments)
    assert found == code
    assert words in said


def test_a_shift_of_a_package_is_filled_and_emptied(world, roster, package):
    package(*OFFER)
    package("accept", 1)
    shift = shift_of(rostering.read_board(world, roster, load_inputs(world)), NORTH, 0, 8)
    code, said = package("put", 1, shift, "党员1，M002")
    assert (code, said) == (Exit.DONE, "已排进 2 人。\n")
    code, said = package("shifts", 1)
    assert code == Exit.DONE
    (row,) = [line for line in said.splitlines() if "2/2" in line]
    assert all(words in row for words in (str(shift), "党** M001 #1", "党** M002 #2"))
    code, said = package("put", 1, shift, "M003")
    assert code == Exit.FAILED
    assert said == "2 个席位都已有人。\n"
    assert package("take", 1, shift, 1) == (Exit.DONE, "已从这一班撤下。\n")
    assert "1/2" in package("shifts", 1)[1]
    code, said = package("take", 1, shift, 1)
    assert code == Exit.FAILED
    assert "1" in said
