"""Two planners in two threads, a thousand times: nobody is booked twice, no draft is lost, nothing is done twice.

Every race lets both do something at the same moment. A model says what each draft must hold afterwards; for the draft
that both work on, what one of the two orders of events would leave.
"""

import itertools
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.catalog.actions import Action, Role
from services.context import Context
from services.planning import (
    Move,
    OrderState,
    Plan,
    PlanState,
    clear_plan,
    commit_plan,
    create_plan,
    drop_moves,
    orders_between,
    read_plan,
    recall_order,
    redo,
    send,
    take_back,
    undo,
)
from services.planning.errors import NotInPlanError, OrderOverError, PlanClosedError, PlanEmptyError, WrongCountError
from services.planning.model import apply_steps, step_from_row
from services.rules.roles import Actor
from services.rules.windows import Mode, Window, hours_ahead
from services.store import Store

from .conftest import EVENING, NOW

SIZES = {"T1": 12, "T2": 6, "T3": 8}
HOUR = timedelta(hours=1)
WINDOWS = (
    EVENING,
    Window(EVENING.start + 2 * HOUR, EVENING.end + 2 * HOUR),
    Window(EVENING.end, EVENING.end + 3 * HOUR),
)
WHOLE = Window(EVENING.start, EVENING.end + 3 * HOUR)
RACES_AT_ONCE = 25
REFUSALS = (NotInPlanError, OrderOverError, PlanClosedError, PlanEmptyError, WrongCountError)


@pytest.fixture
def store(either_store):
    """Run every test of this file on both stores."""
    return either_store


teams, grids = st.sampled_from(sorted(SIZES)), st.sampled_from(["G2", "G3"])
whole = st.tuples(st.just("send"), teams, grids, st.just(99))
part = st.tuples(st.just("send"), teams, grids, st.integers(1, 6))
back = st.tuples(st.just("take_back"), teams)
single = st.sampled_from([("undo",), ("redo",), ("clear",), ("commit",), ("commit",), ("commit",), ("recall",)])
deeds = st.one_of(whole, whole, part, back, single)


@dataclass
class Draft:
    """What a plan must hold: its states one after the other, and which of them is in force."""

    states: list[dict] = field(default_factory=lambda: [{}])
    at: int = 0

    @property
    def moves(self):
        return self.states[self.at]

    def fits(self, plan):
        """Tell whether a plan is as this says."""
        steps = len(self.states) - 1
        return (held(plan), plan.undoable, plan.redoable) == (self.moves, self.at, steps - self.at)

    def after(self, deed):
        """Return the draft after a deed."""
        kind = deed[0]
        if kind in {"undo", "redo"}:
            to = self.at + (1 if kind == "redo" else -1)
            return Draft(self.states, min(max(to, 0), len(self.states) - 1))
        moves = getattr(self, kind)(*deed[1:]) if kind in {"send", "take_back", "clear"} else self.moves
        return self if moves == self.moves else Draft([*self.states[: self.at + 1], moves], self.at + 1)

    def send(self, team, grid, people):
        size = SIZES[team]
        others = {key: n for key, n in self.moves.items() if key[0] != team}
        mine = {key: n for key, n in self.moves.items() if key[0] == team and key[1] != grid}
        if people >= size:
            return others | {(team, grid): size}
        return self.moves if sum(mine.values()) + people > size else others | mine | {(team, grid): people}

    def take_back(self, team):
        return {key: n for key, n in self.moves.items() if key[0] != team}

    def clear(self):
        return {}


def held(plan):
    return {move.key: move.people for move in plan.moves}


class TwoPlanners(RuleBasedStateMachine):
    """Each planner has a plan of their own, and there is one that both work on."""

    races = 0
    filled: Path

    def __init__(self):
        super().__init__()
        room = "/dev/shm" if Path("/dev/shm").is_dir() else None
        self.folder = tempfile.mkdtemp(dir=room)
        self.store = Store.open(f"sqlite:///{shutil.copy(self.filled, self.folder)}")
        self.contexts = [Context(self.store, Actor(name, Role.LOCAL), clock=lambda: NOW) for name in ("甲", "乙")]
        self.numbers = itertools.count()
        self.pool = ThreadPoolExecutor(2)
        self.drafts = {}
        self.mine = [self.new_plan(0, EVENING), self.new_plan(1, EVENING)]
        self.shared = self.new_plan(0, WINDOWS[1])

    def teardown(self):
        self.pool.shutdown()
        self.store.close()
        shutil.rmtree(self.folder)

    def new_plan(self, who, window):
        plan = create_plan(self.contexts[who], window, Mode.EMERGENCY, event_id=f"e{next(self.numbers)}")
        self.drafts[plan.id] = Draft()
        return plan.id

    @rule(
        windows=st.tuples(st.sampled_from(WINDOWS), st.sampled_from(WINDOWS)),
        pairs=st.lists(st.tuples(deeds, deeds), min_size=RACES_AT_ONCE, max_size=RACES_AT_ONCE),
    )
    def each_on_their_own_plan(self, windows, pairs):
        self.mine = [self.new_plan(who, window) for who, window in enumerate(windows)]
        for pair in pairs:
            answers = self.race(pair, self.mine)
            for plan_id, deed in zip(self.mine, pair, strict=True):
                self.drafts[plan_id] = self.drafts[plan_id].after(deed)
            self.check_drafts(answers)
            self.check_commits(pair, answers)

    @rule(pairs=st.lists(st.tuples(deeds, deeds), min_size=RACES_AT_ONCE, max_size=RACES_AT_ONCE))
    def both_on_one_plan(self, pairs):
        for first, second in pairs:
            self.race((first, second), [self.shared, self.shared])
            was, now = self.drafts[self.shared], self.whole_draft(self.shared)
            closed = read_plan(self.contexts[0], self.shared).state is PlanState.COMMITTED
            possible = [was.after(first).after(second), was.after(second).after(first)]
            possible += [was.after(deed) for deed in (first, second) if closed]
            assert now in possible
            self.drafts[self.shared] = now
            if closed:
                self.shared = self.new_plan(1, WINDOWS[1])

    @invariant()
    def nobody_is_booked_twice(self):
        orders = orders_between(self.contexts[0], WHOLE)
        for team, size in SIZES.items():
            for hour in hours_ahead(WHOLE.start, WHOLE.length // HOUR):
                out = [o.people for o in orders if o.team_code == team and o.start <= hour.start < o.until]
                assert sum(out) <= size

    def whole_draft(self, plan_id):
        """Return a plan with all its steps, undone ones too."""
        with self.contexts[0].look(Action.PLAN) as tx:
            steps = [step_from_row(row) for row in tx.plans.read_steps([plan_id]).get(plan_id, [])]
        states = [{m.key: m.people for m in apply_steps(steps[:k])} for k in range(len(steps) + 1)]
        return Draft(states, read_plan(self.contexts[0], plan_id).undoable)

    def race(self, deeds_, plan_ids):
        """Let both planners do something at the same moment; return what came of it."""
        barrier = Barrier(2)

        def run(who):
            barrier.wait()
            return self.do(who, plan_ids[who], deeds_[who])

        TwoPlanners.races += 1
        return list(self.pool.map(run, range(2)))

    def do(self, who, plan_id, deed):
        """Do it, and send the same event once more, as a browser does that got no answer."""
        context, event = self.contexts[who], f"e{next(self.numbers)}"
        kind, *told = deed
        for _ in range(2):
            try:
                answer = self.once(context, plan_id, kind, told, event)
            except REFUSALS as error:
                return error
            if isinstance(answer, Exception) or kind not in {"send", "undo", "redo"}:
                break
        return answer

    def once(self, context, plan_id, kind, told, event):
        match kind:
            case "send":
                team, grid, people = told
                return send(context, plan_id, Move(team, grid, min(people, SIZES[team])), event_id=event)
            case "take_back":
                return take_back(context, plan_id, told[0], event_id=event)
            case "commit":
                return commit_plan(context, plan_id)
            case "recall":
                ahead = [o for o in orders_between(context, WHOLE) if o.state(NOW) is OrderState.AHEAD]
                return recall_order(context, ahead[0].id, reason="提前撤回") if ahead else None
            case _:
                return {"undo": undo, "redo": redo, "clear": clear_plan}[kind](context, plan_id, event_id=event)

    def check_commits(self, deeds_, answers):
        """What was committed is out; what was refused names who has the team, and the rest can be sent."""
        for who, (deed, answer) in enumerate(zip(deeds_, answers, strict=True)):
            if deed != ("commit",) or isinstance(answer, Exception):
                continue
            expected = self.drafts[self.mine[who]].moves
            assert held(answer.plan) == expected
            if answer.is_sent:
                assert {(o.team_code, o.to_code): o.people for o in answer.orders} == expected
            else:
                assert not answer.orders
                assert {c.team_code for c in answer.conflicts} == {c.team_code for c in answer.obstacles}
                assert all(c.sent_by in {"甲", "乙"} and c.start < c.until for c in answer.conflicts)
                self.send_the_rest(who, answer)
            if answer.is_sent or not expected:
                self.mine[who] = self.new_plan(who, WINDOWS[next(self.numbers) % 3])

    def send_the_rest(self, who, answer):
        plan_id, gone = answer.plan.id, {change.key for change in answer.obstacles}
        plan = drop_moves(self.contexts[who], plan_id, gone, event_id=f"e{next(self.numbers)}")
        kept = {key: n for key, n in self.drafts[plan_id].moves.items() if key not in gone}
        assert held(plan) == kept
        draft = self.drafts[plan_id]
        self.drafts[plan_id] = Draft([*draft.states[: draft.at + 1], kept], draft.at + 1)

    def check_drafts(self, answers):
        for who, (plan_id, answer) in enumerate(zip(self.mine, answers, strict=True)):
            plan = answer if isinstance(answer, Plan) else read_plan(self.contexts[who], plan_id)
            assert self.drafts[plan_id].fits(plan), (plan, self.drafts[plan_id])


def test_a_thousand_races_of_two_planners_book_nobody_twice_and_lose_no_draft(filled):
    TwoPlanners.filled = filled
    run_state_machine_as_test(
        TwoPlanners,
        settings=settings(
            max_examples=7,
            stateful_step_count=6,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # threads do not shrink: they differ each time
        ),
    )
    assert TwoPlanners.races >= 1000


@pytest.mark.parametrize("windows", [(0, 0), (0, 1), (1, 0)])
def test_of_two_who_send_the_same_team_exactly_one_wins(store, windows):
    contexts = [Context(store, Actor(name, Role.LOCAL), clock=lambda: NOW) for name in ("甲", "乙")]
    for k in range(8):
        day = timedelta(days=k)
        plans = []
        for who in range(2):
            window = WINDOWS[windows[who]]
            later = Window(window.start + day, window.end + day)
            plan = create_plan(contexts[who], later, Mode.EMERGENCY, event_id=f"{k}-{who}")
            send(contexts[who], plan.id, Move("T1", "G2", 12), event_id="1")
            send(contexts[who], plan.id, Move(("T2", "T3")[who], "G2", 6), event_id="2")
            plans.append(plan.id)
        barrier = Barrier(2)

        def commit(who, barrier=barrier, plans=plans):
            barrier.wait()
            return commit_plan(contexts[who], plans[who])

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(commit, range(2)))
        won, lost = sorted(answers, key=lambda a: not a.is_sent)
        assert (won.is_sent, lost.is_sent, len(won.orders), len(lost.orders)) == (True, False, 2, 0)
        (conflict,) = lost.conflicts
        winner = ("甲", "乙")[answers.index(won)]
        assert (conflict.team_code, conflict.sent_by, conflict.grid_name) == ("T1", winner, "二格")
        loser = contexts[answers.index(lost)]
        kept = drop_moves(loser, lost.plan.id, [c.key for c in lost.obstacles], event_id="3")
        assert [m.team_code for m in kept.moves] == [("T2", "T3")[answers.index(lost)]]
        assert commit_plan(loser, lost.plan.id).is_sent
