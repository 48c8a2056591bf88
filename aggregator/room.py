"""What was used lately, as far as there is room for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class _Kept(NamedTuple, Generic[_Value]):
    value: _Value
    size: int


class Room(Generic[_Key, _Value]):
    """Values by key, of ``size`` bytes in all at most; the longest unused leave first. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._kept: OrderedDict[_Key, _Kept[_Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> _Value | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept.value

    def put(self, key: _Key, value: _Value, size: int) -> None:
        """In the place of what was there. What is larger than the room is not kept, and drives nobody out."""
        with self._lock:
            if before := self._kept.pop(key, None):
                self._used -= before.size
            if size > self._size:
                return
            self._kept[key] = _Kept(value, size)
            self._used += size
            while self._used > self._size:
                _, gone = self._kept.popitem(last=False)
                self._used -= gone.size
