"""Addresses that the engine sends as they are are those that httpx would not change."""

from __future__ import annotations

import pytest

from aggregator.fetch.engine import _READY, _escaped


@pytest.mark.parametrize("port", ["", ":81", ":8080", ":10000", ":49152", ":64999"])
def test_a_plain_address_on_whatever_port_is_sent_as_it_is(port: str) -> None:
    url = f"http://news.example.edu{port}/s/1/feed.xml?page=2"

    assert _READY.fullmatch(url)
    assert _escaped(url) == url


@pytest.mark.parametrize("port", [":80", ":0", ":080", ":65536", ":100000"])
def test_a_port_that_is_the_default_or_none_is_looked_at(port: str) -> None:
    assert not _READY.fullmatch(f"http://news.example.edu{port}/feed.xml")
