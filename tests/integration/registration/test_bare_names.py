"""Names without a trade are known to every process of the service before anybody looks whether one is free (名称规定 art. 17)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient

from services.registration.domain.application import NameTaken
from services.registration.domain.entities import EntityType
from services.registration.rpc.mapping import application_of
from services.registration.store.bare_names import FRESH, BareNames
from services.registration.store.names import BARE_NAMES
from services.registration.store.register import RegisterStore
from services.registration.usecases.context import Parts
from services.registration.usecases.names import reserve_name
from services.registration.usecases.submit import submit_applications
from shared.commands import Command
from shared.mongo import CLIENT_OPTIONS
from tests.integration.registration.conftest import asked

pytestmark = pytest.mark.integration
LETTERS = "晨沐锦诺卓凡霁岚澜屿槐棠霖禾帆岭屏砚樾野"


@pytest.fixture
def beside(servers: Any, parts: Parts, store: RegisterStore) -> Iterator[Parts]:
    """Another process of the service on the same store."""
    with MongoClient[dict[str, Any]](servers.mongo_uri("registration"), **CLIENT_OPTIONS) as client:
        yield replace(parts, store=RegisterStore(client, store.database))


@pytest.fixture
def copies(store: RegisterStore) -> list[BareNames]:
    """Of two processes."""
    collection = store.names.database[BARE_NAMES]
    return [BareNames(collection), BareNames(collection)]


_drawn: set[str] = set()


def trade_name(length: int = 3) -> str:
    """One that nobody wanted yet; of three characters none is a trade."""
    while (name := "".join(random.sample(LETTERS, length))) in _drawn:
        continue
    _drawn.add(name)
    return name


def key() -> str:
    return f"320411|{trade_name(9)}|"


def claimed(parts: Parts, name: str, command: str) -> bool:
    (told,) = submit_applications(parts, [(Command("c", command, b"d"), application_of(asked(name=name)))])
    assert told.failure is None or isinstance(told.failure, NameTaken)
    return told.application is not None


def reserved(parts: Parts, name: str, command: str) -> bool:
    try:
        reserve_name(parts, Command("r", command, b"d"), name, "320411", EntityType.LIMITED_COMPANY, False)
    except NameTaken:
        return False
    return True


def test_whoever_noted_a_key_goes_on_when_every_copy_has_it(
    copies: list[BareNames], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = copies
    wanted = key()
    assert not there.among([wanted])  # a copy that was read just now
    here.settle([wanted])
    assert there.among([wanted, key()]) == {wanted}
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    here.settle([wanted])
    assert not slept  # known to all: nothing to wait for


def test_a_key_whose_noting_broke_off_is_noted_again(copies: list[BareNames], store: RegisterStore) -> None:
    here, there = copies
    wanted = key()
    there.among([wanted])
    store.names.database[BARE_NAMES].insert_one({"_id": wanted})  # and then its process died
    assert here.among([wanted])
    here.settle([wanted])
    assert there.among([wanted])


def test_a_key_that_is_noted_without_waiting_is_known_here_at_once_and_soon_there(copies: list[BareNames]) -> None:
    here, there = copies
    wanted = key()
    assert not here.among([wanted])
    assert not there.among([wanted])
    here.note([wanted])
    assert here.among([wanted])
    time.sleep(FRESH)
    assert there.among([wanted])


def test_a_name_that_was_just_held_without_a_trade_keeps_out_what_another_process_is_told(
    parts: Parts, beside: Parts
) -> None:
    for turn in range(4):
        wanted = trade_name()
        assert claimed(beside, f"常州{trade_name(4)}食品有限公司", f"warm-{turn}")  # its copy is fresh
        assert reserved(parts, f"常州{wanted}有限公司", f"bare-{turn}")
        assert not claimed(beside, f"常州{wanted}机械有限公司", f"trade-{turn}")


def test_of_two_processes_at_once_exactly_one_gets_the_name(parts: Parts, beside: Parts) -> None:
    won = {True: 0, False: 0}
    for turn in range(16):
        wanted = trade_name()
        claimed(beside, f"常州{trade_name(4)}食品有限公司", f"warm-{turn}")
        with ThreadPoolExecutor(2) as pool:
            bare = pool.submit(reserved, parts, f"常州{wanted}有限公司", f"bare-{turn}")
            # before the one looks, or after it
            time.sleep(random.uniform(0, FRESH / 2) if turn % 2 else random.uniform(FRESH, 2 * FRESH))
            trade = pool.submit(claimed, beside, f"常州{wanted}机械有限公司", f"trade-{turn}")
            assert bare.result() != trade.result()
        won[trade.result()] += 1
    assert all(won.values())  # both orders were met
