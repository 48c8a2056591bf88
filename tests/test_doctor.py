"""What the doctor finds: on this machine, and on servers of loopback."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path

import pytest

from aggregator import doctor
from aggregator.config import PublicSite, Settings, load
from aggregator.doctor import Finding, examine


class Answers(BaseHTTPRequestHandler):
    body = b"{}"
    date: str | None = None

    def do_GET(self) -> None:
        self.send_response_only(200)
        self.send_header("Date", type(self).date or self.date_time_string())
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[tuple[type[Answers], str]]:
    handler = type("Handler", (Answers,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield handler, f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    def made(*sources: str, **more: object) -> Settings:
        folder = tmp_path / "config"
        (folder / "universities").mkdir(parents=True, exist_ok=True)
        written = {"database": f"sqlite:///{tmp_path}/data/wire.db", "fetch": {"allow_private": True, "host_gap": 0, "timeout": "5s"}}
        (folder / "aggregator.yaml").write_text(json.dumps(written | more))
        north = {"name": "North", "sources": [{"url": url} for url in sources]}
        (folder / "universities/north.yaml").write_text(json.dumps(north))
        return load(folder, {})

    return made


def visit(settings: Settings) -> tuple[bool, dict[str, list[Finding]]]:
    found: dict[str, list[Finding]] = {}
    well = asyncio.run(examine(settings, lambda finding: found.setdefault(finding.subject, []).append(finding)))
    return well, found


def test_an_installation_that_is_well_is_told_so(settings: Callable[..., Settings], server: tuple[type[Answers], str]) -> None:
    handler, address = server
    handler.body = b'{"last_tick": null}'

    well, found = visit(settings(f"{address}/feed.xml", site={"url": address}))

    assert well
    assert {"program", "time zones", "clock", "disk", "database", "files", "TLS", "network"} <= set(found)
    assert all(each.remedy for each in chain.from_iterable(found.values()) if each.state != "well")
    assert [each.said for each in found["time zones"]] == ["known; no source names one, so dates without an offset are UTC"]


def test_a_database_that_cannot_be_used_is_bad(settings: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/wire.db").write_bytes(b"this is no database" * 100)

    well, found = visit(settings())

    assert not well
    assert found["database"][0].state == "bad"
    assert "no SQLite database" in found["database"][0].said


def test_a_name_that_nobody_knows_is_bad_and_a_server_that_refuses_is_odd(settings: Callable[..., Settings]) -> None:
    well, found = visit(settings("http://nowhere.invalid/feed.xml", "http://127.0.0.1:9/feed.xml"))

    assert not well
    assert found["DNS"][0].state == "bad"
    assert found["network"][0].state == "odd"


def test_a_clock_that_differs_from_that_of_others_is_told(settings: Callable[..., Settings], server: tuple[type[Answers], str]) -> None:
    handler, address = server
    handler.date = "Tue, 01 Jan 2030 00:00:00 GMT"

    _, found = visit(settings(f"{address}/feed.xml"))

    assert [each.state for each in found["clock"]] == ["well", "odd"]
    assert "2030" in found["clock"][1].said


def test_a_full_disk_is_told_before_it_is_full(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_FREE", 10**18)

    _, found = visit(settings())

    assert found["disk"][0].state == "odd"


@pytest.mark.parametrize(
    ("body", "state"), [(b'{"ok": true, "last_tick": "2026-03-02T12:00:00+00:00"}', "well"), (b"<h1>Welcome to nginx</h1>", "bad")]
)
def test_the_public_address_must_lead_to_us(
    settings: Callable[..., Settings], server: tuple[type[Answers], str], monkeypatch: pytest.MonkeyPatch, body: bytes, state: str
) -> None:
    handler, address = server
    handler.body = body
    monkeypatch.setattr(PublicSite, "is_local", property(lambda _: False))

    _, found = visit(settings(site={"url": address}))

    assert [each.state for each in found["public address"]] == [state]


def test_an_address_for_this_machine_alone_is_odd(settings: Callable[..., Settings]) -> None:
    _, found = visit(settings())

    assert found["public address"][0].state == "odd"


def test_a_database_whose_path_lacks_a_slash_is_odd(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    odd, opened = doctor._database(settings(database="sqlite:///srv/a.db"))

    assert (odd.state, odd.remedy) == ("odd", "write sqlite:////srv/a.db, with four slashes, if /srv/a.db is meant")
    assert opened.state == "well"
