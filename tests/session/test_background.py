"""Work beside the event loop."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from pgiris.session import background
from pgiris.sql.split import LONG_TEXT


def test_the_loop_goes_on_and_nothing_is_collected_meanwhile() -> None:
    seen: list[bool] = []

    async def run() -> str:
        may_end = threading.Event()

        def work(word: str) -> str:
            may_end.wait(10)
            seen.append(gc.isenabled())
            return word

        tasks = [asyncio.create_task(background.in_thread(work, word)) for word in ("one", "other")]
        await asyncio.sleep(0)
        may_end.set()
        return " ".join(await asyncio.gather(*tasks))

    assert asyncio.run(run()) == "one other"
    assert seen == [False, False]
    assert gc.isenabled()


def test_collections_go_on_after_an_error() -> None:
    def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(background.in_thread(work))
    assert gc.isenabled()


def test_long_texts_are_split_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[bool] = []

    def split(text: str) -> list[object]:
        threads.append(threading.current_thread() is threading.main_thread())
        return []

    monkeypatch.setattr(background, "split", split)
    for text in ("SELECT 1", " " * LONG_TEXT):
        asyncio.run(background.statements_of(text))
    assert threads == [True, False]
