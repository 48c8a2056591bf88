from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from aggregator.commit import Committer
from aggregator.errors import StoreBusy, StoreError
from aggregator.model import Article, Changes, SourceState


class Recorder:
    """Stands for the store: keeps the sources of each transaction, and fails where it is told to. Each poll adds as many articles as its letter counts."""

    def __init__(self, failures: dict[str, Exception] | None = None) -> None:
        self.failures = failures or {}
        self.transactions: list[list[str]] = []

    def apply(self, *polls: Changes) -> tuple[int, ...]:
        names = [changes.state.source for changes in polls]
        for name in names:
            if name in self.failures:
                raise self.failures[name]
        self.transactions.append(names)
        return tuple(ord(name) for name in names)


def applied(store: Recorder, a_state: Callable[..., SourceState], *names: str) -> list[int | BaseException]:
    """How the polls of the named sources end, all at the same time."""

    async def all_at_once() -> list[int | BaseException]:
        committer = Committer(store)  # type: ignore[arg-type]
        return await asyncio.gather(*(committer.apply(Changes(a_state(name))) for name in names), return_exceptions=True)

    return asyncio.run(asyncio.wait_for(all_at_once(), 10))


def test_polls_that_end_together_share_a_transaction_and_each_learns_what_it_added(a_state: Callable[..., SourceState]) -> None:
    store = Recorder()

    ends = applied(store, a_state, "a", "b", "c")

    assert ends == [ord("a"), ord("b"), ord("c")]
    assert store.transactions == [["a", "b", "c"]]


@pytest.mark.parametrize("failure", [StoreError("refused"), TypeError("a fault of ours")], ids=lambda failure: type(failure).__name__)
def test_what_cannot_be_stored_of_one_poll_does_not_take_the_others_with_it(
    a_state: Callable[..., SourceState], failure: Exception
) -> None:
    store = Recorder({"b": failure})

    good, bad, other = applied(store, a_state, "a", "b", "c")

    assert (good, other) == (ord("a"), ord("c"))
    assert isinstance(bad, StoreError)
    assert store.transactions == [["a"], ["c"]]


def test_a_busy_database_is_told_to_all_and_not_asked_again_for_each(a_state: Callable[..., SourceState]) -> None:
    store = Recorder({"b": StoreBusy("locked")})

    ends = applied(store, a_state, "a", "b")

    assert all(isinstance(end, StoreBusy) for end in ends)
    assert store.transactions == []


def test_polls_that_end_later_are_stored_after_a_failure(a_state: Callable[..., SourceState]) -> None:
    store = Recorder({"a": TypeError("a fault of ours")})

    async def one_after_the_other() -> None:
        committer = Committer(store)  # type: ignore[arg-type]
        with pytest.raises(StoreError):
            await committer.apply(Changes(a_state("a")))
        await committer.apply(Changes(a_state("b")))

    asyncio.run(asyncio.wait_for(one_after_the_other(), 10))

    assert store.transactions == [["b"]]


def test_a_transaction_takes_no_more_articles_than_fit_into_memory_but_one_poll_whole(
    a_state: Callable[..., SourceState], an_article: Callable[..., Article]
) -> None:
    store = Recorder()

    async def all_at_once() -> None:
        committer = Committer(store)  # type: ignore[arg-type]
        brought = {"a": 150, "b": 60, "c": 40, "d": 1}
        await asyncio.gather(
            *(committer.apply(Changes(a_state(name), (an_article(),) * count)) for name, count in brought.items()),
        )

    asyncio.run(asyncio.wait_for(all_at_once(), 10))

    assert store.transactions == [["a"], ["b", "c"], ["d"]]


def test_no_more_is_read_than_the_database_can_soon_store(a_state: Callable[..., SourceState]) -> None:
    async def a_slow_database() -> int:
        committer = Committer(Recorder())  # type: ignore[arg-type]
        is_free = asyncio.Event()
        committer.ask = lambda *_: is_free.wait()  # type: ignore[assignment,method-assign]
        began = []

        async def poll(number: int) -> None:
            async with committer.ahead():
                began.append(number)
                await asyncio.sleep(0)
            await committer.apply(Changes(a_state(str(number))))

        polls = [asyncio.ensure_future(poll(number)) for number in range(100)]
        for _ in range(500):
            await asyncio.sleep(0)
        for each in polls:
            each.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
        return len(began)

    assert asyncio.run(asyncio.wait_for(a_slow_database(), 10)) < 40


def test_who_waits_to_read_goes_on_when_others_fail_or_give_up(a_state: Callable[..., SourceState]) -> None:
    async def all_read() -> int:
        committer = Committer(Recorder())  # type: ignore[arg-type]
        done = []

        async def poll(number: int) -> None:
            async with committer.ahead():
                await asyncio.sleep(0)
                if number % 3 == 0:
                    raise ValueError(number)
            await committer.apply(Changes(a_state("a")))
            done.append(number)

        polls = [asyncio.ensure_future(poll(number)) for number in range(100)]
        await asyncio.sleep(0)
        polls[1].cancel()
        polls[50].cancel()
        await asyncio.gather(*polls, return_exceptions=True)
        return len(done)

    assert asyncio.run(asyncio.wait_for(all_read(), 10)) == 64


def test_a_poll_that_brought_nothing_waits_for_others_under_way(
    a_state: Callable[..., SourceState], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.commit._COMPANY", 0.2)  # on a busy machine the second one comes late
    store = Recorder()

    async def one_soon_after_the_other() -> None:
        committer = Committer(store, lambda: 2)  # type: ignore[arg-type]
        first = asyncio.ensure_future(committer.apply(Changes(a_state("a"))))
        for _ in range(5):
            await asyncio.sleep(0)
        await asyncio.gather(first, committer.apply(Changes(a_state("b"))))

    asyncio.run(asyncio.wait_for(one_soon_after_the_other(), 10))

    assert store.transactions == [["a", "b"]]


@pytest.mark.parametrize(("under_way", "articles"), [(1, 0), (2, 1)], ids=["it is alone", "it brought something"])
def test_a_poll_waits_for_nobody_where(
    a_state: Callable[..., SourceState], an_article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch, under_way: int, articles: int
) -> None:
    monkeypatch.setattr("aggregator.commit._COMPANY", 3_600.0)
    store = Recorder()

    async def one_poll() -> None:
        await Committer(store, lambda: under_way).apply(Changes(a_state("a"), (an_article(),) * articles))  # type: ignore[arg-type]

    asyncio.run(asyncio.wait_for(one_poll(), 10))

    assert store.transactions == [["a"]]


def test_many_polls_wait_for_nobody(a_state: Callable[..., SourceState], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.commit._COMPANY", 3_600.0)
    store = Recorder()

    async def sixty_four_polls() -> None:
        committer = Committer(store, lambda: 1_000)  # type: ignore[arg-type]
        await asyncio.gather(*(committer.apply(Changes(a_state("a"))) for _ in range(64)))

    asyncio.run(asyncio.wait_for(sixty_four_polls(), 10))

    assert store.transactions == [["a"] * 64]
