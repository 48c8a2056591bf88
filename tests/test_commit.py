from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from aggregator.commit import Committer
from aggregator.errors import StoreBusy, StoreError
from aggregator.model import Changes, SourceState


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
