"""Killed writers and simultaneous reviewers: nothing acknowledged is lost, nothing is half written."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import threading
import time
from pathlib import Path

import pytest

from qn_geo.decisions import OutdatedError, Store
from tests.databases import AN, BINH, CASE, decide, submit

pytest_plugins = "tests.database_fixtures"

KILLS = 30
LONGEST_LIFE_SECONDS = 0.15
SET = 12
PROCESSES = multiprocessing.get_context("forkserver")  # the children start within milliseconds
PROCESSES.set_forkserver_preload(["tests.test_decisions_crash"])
START_SECONDS = 60


def write_until_killed(folder, url, name, told):
    """Decide on one plot, on a set, hand in a submission, and so on; each is told once the store has returned."""
    store = Store(Path(folder), url)
    handle = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def tell(*fact):
        os.write(handle, json.dumps(fact).encode() + b"\n")

    tell("ready")
    for number in range(10_000):
        plots = [f"{name}-{number}-{place}" for place in range(SET if number % 2 else 1)]
        entries = decide(store, *plots, reason=f"{name}-{number}")
        tell("decided", [(entry.seq, entry.hash) for entry in entries])
        if number % 5 == 0:
            submit(store, f"{name}-{number}")
            tell("handed in", f"{name}-{number}")


def facts(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait_for(condition):
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_killed_writer_loses_nothing_it_acknowledged(store, open_store, url, tmp_path):
    seed = random.SystemRandom().randrange(1_000_000)
    chance = random.Random(seed)  # noqa: S311 - only moments
    folder, told = str(store.database.folder), []
    for number in range(KILLS):
        path = tmp_path / f"told-{number}"
        child = PROCESSES.Process(target=write_until_killed, args=(folder, url, f"w{number}", str(path)))
        child.start()
        if number % 3:  # every third dies at any moment of its opening
            wait_for(lambda path=path: facts(path))
        time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
        child.kill()
        child.join()
        child.close()
        told += [fact for fact in facts(path) if fact[0] != "ready"]

    after = open_store()
    entries = {entry.seq: entry for entry in after.history(CASE)}
    acknowledged = {seq: value for kind, *what in told if kind == "decided" for seq, value in what[0]}
    assert {seq: entries[seq].hash for seq in acknowledged} == acknowledged, seed
    assert {what for kind, what in told if kind == "handed in"} <= {case.id for case in after.queue()}, seed

    sets = {}
    for entry in entries.values():
        sets.setdefault(entry.reason, []).append(entry.plot_id)
    halves = [reason for reason, plots in sets.items() if len(plots) != (SET if int(reason.split("-")[1]) % 2 else 1)]
    assert halves == [], seed

    verdict = after.verify()
    assert verdict.ok, (seed, verdict)
    assert not set(verdict.unsealed) & acknowledged.keys(), seed
    assert len(acknowledged) > KILLS  # the writers did get to write
    decide(after, "last")


def test_of_two_reviewers_with_the_same_view_one_wins(open_store, store):
    """Twenty times: both decide at once on what both saw."""
    stores = {AN: store, BINH: open_store()}
    for number in range(20):
        seen = {who: one.version(CASE) for who, one in stores.items()}
        begin, outcome = threading.Barrier(2), {}

        def run(who, plot=f"{number}", seen=seen, begin=begin, outcome=outcome):
            begin.wait()
            try:
                outcome[who] = stores[who].decide(CASE, [plot], "accept", note=who.name, who=who, seen=seen[who])
            except OutdatedError as error:
                outcome[who] = error

        threads = [threading.Thread(target=run, args=(who,)) for who in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (winner,) = (who for who, result in outcome.items() if isinstance(result, list))
        (loser,) = set(stores) - {winner}
        assert outcome[loser].after == {f"{number}": outcome[winner][0]}
        assert outcome[loser].before == {f"{number}": None}
    assert len(store.history(CASE)) == 20
    assert store.verify().ok


def decide_all(folder, url, name, plots, results):
    """Decide on every plot, looking again whenever someone else was faster."""
    store, refused = Store(Path(folder), url), 0
    for number in range(plots):
        while True:
            seen = store.version(CASE)
            try:
                store.decide(CASE, [f"{number}"], "return", reason=name, who=AN, seen=seen)
                break
            except OutdatedError:
                refused += 1
    store.close()
    results.put((name, refused))


@pytest.mark.parametrize("plots", [25])
def test_reviewers_in_many_processes_lose_no_update(store, url, plots):
    results = PROCESSES.Queue()
    arguments = (str(store.database.folder), url)
    children = [
        PROCESSES.Process(target=decide_all, args=(*arguments, f"r{number}", plots, results)) for number in range(4)
    ]
    for child in children:
        child.start()
    told = [results.get(timeout=START_SECONDS) for _ in children]
    for child in children:
        child.join()
        assert child.exitcode == 0
    assert len(told) == 4
    history = store.history(CASE)
    assert [entry.seq for entry in history] == list(range(1, 4 * plots + 1))
    for number in range(plots):
        assert sorted(entry.reason for entry in store.history(CASE, f"{number}")) == ["r0", "r1", "r2", "r3"]
    verdict = store.verify()
    assert verdict.ok
    assert verdict.unsealed == ()
