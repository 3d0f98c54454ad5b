"""Chains as people write them, made by chance, each entry with who wrote it and which shifts are meant.

Somebody who is not in the register never bears the name of somebody who is: nothing in the text could tell.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256

import numpy as np

from services.demo.names import make_persons, make_units
from services.rules.roster.sign_up.clock import OpenShift
from services.rules.roster.sign_up.days import Period
from services.rules.roster.sign_up.entries import read_entries
from services.rules.roster.sign_up.lines import parse
from services.rules.roster.sign_up.names import Register, RegisterPerson, plain_name
from services.rules.roster.sign_up.sign_ups import Ground, Reading, State
from services.rules.roster.sign_up.times import Timetable
from services.rules.windows import Window

SATURDAY = date(2026, 11, 28)
PERIOD = Period(date(2026, 11, 23), date(2026, 11, 29), posted=date(2026, 11, 24))
NICKNAMES = ("大螃蟹", "清川", "forever", "吃可爱长大的", "鹌鹑的乌龟", "XQian", "Sunny🌹", "平安是福", "295-909")


def sha(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def make_people(count: int, seed: int) -> list[RegisterPerson]:
    rng = np.random.default_rng(seed)
    names, units = make_persons(count, rng), make_units(150, rng)
    return [
        RegisterPerson(
            f"M{k:04d}",
            str(names[k]),
            units[int(rng.integers(len(units)))],
            f"G{int(rng.integers(200)):03d}",
            str(int(rng.integers(1, 40))),
            sha(f"160{k:08d}"),
            f"{k:08d}"[-4:],
        )
        for k in range(count)
    ]


def make_register(people: list[RegisterPerson], aliases: dict[str, str] | None = None) -> Register:
    hashes = {sha(plain_name(name)): code for name, code in (aliases or {}).items()}
    return Register(people, aliases=hashes, hash_phone=sha, hash_alias=sha)


def make_shift(code: str, start: int, end: int, seats: int = 2, *, post: str = "北门", day: date = SATURDAY, **filled):
    midnight = datetime.combine(day, time())
    window = Window(midnight + timedelta(hours=start), midnight + timedelta(hours=end))
    return OpenShift(code, post, window, seats, **filled)


@dataclass(frozen=True)
class Written:
    """An entry, who wrote it (null: nobody of the register), and the shifts that are meant: all of them, or any."""

    text: str
    person: str | None
    shifts: frozenset[str]
    is_any: bool = False


class Writers:
    """Makes entries by chance."""

    def __init__(self, people: list[RegisterPerson], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.people = people
        self.counts = Counter(person.name for person in people)
        self.names = set(self.counts)
        self.wrote: set[str] = set()
        self.shifts = [make_shift(f"A{k + 1}", 2 * k, 2 * k + 2, 3) for k in range(4, 12)]

    def pick(self, *choices):
        return choices[int(self.rng.integers(len(choices)))]

    def entry(self) -> Written:
        words, shifts, is_any = self.time()
        chance = self.rng.random()
        if chance < 0.02:
            return Written(f"{self.pick(*NICKNAMES)} {words}", None, shifts, is_any)
        person = next(p for p in iter(lambda: self.pick(*self.people), None) if p.code not in self.wrote)
        self.wrote.add(person.code)
        if chance < 0.03 and (typo := self.typo(person.name)):
            return Written(f"{typo} {words}", None, shifts, is_any)
        return Written(self.signed(person, words), person.code, shifts, is_any)

    def typo(self, name: str) -> str | None:
        wrong = name[:-1] + self.pick(*"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂")
        return None if wrong in self.names else wrong

    def signed(self, person: RegisterPerson, words: str) -> str:
        unit = person.unit.removesuffix("党支部").removesuffix("党委").removeprefix("H区")
        bare, told = (
            (f"{person.name} {words}", f"{person.name}同志 {words}", f"{person.name}：{words}", f"{person.name}{words}",
             f"{person.name[0]} {person.name[1:]} {words}", f"{person.name}\u200b  {words}"),
            (f"{person.name}（{unit}） {words}", f"{person.name} {unit} {words}", f"{unit} {person.name} {words}",
             f"{person.name} {words} 160{int(person.code[1:]):08d}", f"{person.name} {words} 尾号{person.phone_tail}",
             f"{person.name} {person.building}栋 {words}", f"{person.name}（{person.grid}）{words}"),
        )  # fmt: skip
        likely = 0.85 if self.counts[person.name] > 1 else 0.25
        return self.pick(*(told if self.rng.random() < likely else bare))

    def time(self) -> tuple[str, frozenset[str], bool]:
        place = int(self.rng.integers(len(self.shifts)))
        shift = self.shifts[place]
        start, end = shift.window.start.hour, shift.window.end.hour or 24
        dash = self.pick("-", "~", "—", "到", "至", "–", " - ")
        part, twelve = ("晚上", 12) if start >= 18 else ("下午", 12) if start >= 14 else ("上午", 0)
        forms = (
            shift.code,
            shift.code.lower(),
            f"{start}{dash}{end}",
            f"{start}:00{dash}{end}:00",
            f"{start}点{dash}{end}点",
            f"{start}．00{dash}{end}．00",
            f"周六{start}{dash}{end}",
            f"28号 {start}{dash}{end}",
            f"11.28 {start}{dash}{end}",
            f"{start}{dash}{end}，来不及就晚点到",
            f"{start}{dash}{end} 辛苦大家",
            f"{self.wide(f'{start}-{end}')}",
        )
        if start != 12 and end != 24:
            forms += (f"{part}{start - twelve}{dash}{end - twelve}点",)
        chance = self.rng.random()
        if chance < 0.1:
            half = [each for each in self.shifts if each.window.start.hour >= 18]
            return self.pick("晚上都行", "晚上两班都可以", "晚上任选"), frozenset(s.code for s in half), True
        if chance < 0.2:
            half = [each for each in self.shifts if each.window.start.hour < 12]
            return self.pick("上午", "上午两班", "上午都来"), frozenset(s.code for s in half), False
        if chance < 0.35 and place + 1 < len(self.shifts):
            after = self.shifts[place + 1]
            both = frozenset({shift.code, after.code})
            last = after.window.end.hour or 24
            return (
                self.pick(f"{start}-{end}、{end}-{last}", f"{start}-{last}", f"{shift.code} {after.code}"),
                both,
                False,
            )
        return self.pick(*forms), frozenset({shift.code}), False

    @staticmethod
    def wide(words: str) -> str:
        return words.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789-:"})

    def chain(self) -> tuple[str, list[Written]]:
        self.wrote.clear()
        entries = [self.entry() for _ in range(int(self.rng.integers(3, 16)))]
        dot = self.pick(". ", ".", "、", "）", "．")
        gap = self.pick("\n", "\n\n", "\r\n")
        lines = [f"{k + 1}{dot}{each.text}" for k, each in enumerate(entries)]
        head = self.pick("#接龙", "＃接龙", "#接龍") + "\n云峰社区11月28日（周六）北门值守，自愿报名\n例 姓名 时段\n\n"
        return head + gap.join([*lines, f"{len(lines) + 1}{dot}"]), entries


@dataclass
class Tally:
    """How generated chains were read."""

    entries: int = 0
    doubts: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)


def read_chains(count: int, people: list[RegisterPerson], seed: int) -> Tally:
    """Read that many chains and compare each entry with who wrote it and what was meant."""
    writers, register, tally = Writers(people, seed), make_register(people), Tally()
    ground = Ground(Timetable(writers.shifts, PERIOD), register, lambda *_: ())
    for _ in range(count):
        words, entries = writers.chain()
        reading = read_entries(parse(words), ground)
        assert len(reading.sign_ups) == len(entries), words
        count_wrong(tally, reading, entries)
    return tally


def count_wrong(tally: Tally, reading: Reading, entries: list[Written]) -> None:
    for sign_up, written in zip(reading.sign_ups, entries, strict=True):
        tally.entries += 1
        tally.doubts += sign_up.state is State.DOUBT
        shifts = {seat.shift for seat in sign_up.seats}
        right = shifts <= written.shifts and (len(shifts) == 1 if written.is_any else shifts == written.shifts)
        if sign_up.state in {State.DOUBT, State.DROPPED}:
            continue
        if sign_up.person != written.person or not right:
            tally.wrong.append((written.text, f"{sign_up.person} {sorted(shifts)}"))
