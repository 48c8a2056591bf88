"""What systemd is told, over the socket that it listens on."""

from __future__ import annotations

import os
import socket

import pytest
from structlog.testing import capture_logs

from aggregator.run.systemd import Systemd


@pytest.fixture(params=["path", "abstract"])
def service_manager(request, tmp_path):
    """Its socket, and the address by which a service knows it."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@aggregator-test-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name.replace("@", "\0", 1) if name.startswith("@") else name)
        listening.settimeout(5)
        yield listening, name


def heard(listening) -> list[str]:
    return listening.recv(4096).decode().splitlines()


def test_it_says_when_it_is_ready_and_when_it_ends(service_manager):
    listening, address = service_manager
    systemd = Systemd({"NOTIFY_SOCKET": address})

    systemd.ready("watching 3\nsources")
    systemd.stopping()

    assert heard(listening) == ["READY=1", "STATUS=watching 3 sources"]
    assert heard(listening)[0] == "STOPPING=1"


def test_reading_the_configuration_again_is_said_with_the_moment(service_manager):
    listening, address = service_manager

    Systemd({"NOTIFY_SOCKET": address}).reloading()

    first, second = heard(listening)
    assert first == "RELOADING=1"
    assert int(second.removeprefix("MONOTONIC_USEC=")) > 0


def test_a_status_is_said_when_it_changes(service_manager):
    listening, address = service_manager
    systemd = Systemd({"NOTIFY_SOCKET": address})

    for status in ("well", "well", "offline"):
        systemd.status(status)

    assert heard(listening) == ["STATUS=well"]
    assert heard(listening) == ["STATUS=offline"]


@pytest.mark.parametrize(
    ("environment", "fed"),
    [({"WATCHDOG_USEC": "120000000"}, True), ({"WATCHDOG_USEC": "1", "WATCHDOG_PID": str(os.getpid())}, True), ({}, False),
     ({"WATCHDOG_USEC": "1", "WATCHDOG_PID": "1"}, False)],
)  # fmt: skip
def test_the_watchdog_is_fed_where_it_watches_this_process(service_manager, environment, fed):
    listening, address = service_manager
    systemd = Systemd({"NOTIFY_SOCKET": address, **environment})

    systemd.alive()
    systemd.status("next")

    assert (heard(listening) == ["WATCHDOG=1"]) is fed


def test_without_systemd_nothing_is_said():
    with capture_logs() as told:
        Systemd({}).ready("alone")

    assert told == []


def test_a_socket_that_is_gone_is_told_once_and_ends_nothing(tmp_path):
    systemd = Systemd({"NOTIFY_SOCKET": f"{tmp_path}/nobody", "WATCHDOG_USEC": "1"})

    with capture_logs() as told:
        systemd.ready("well")
        systemd.alive()

    assert [line["event"] for line in told] == ["systemd does not take what it is told"]


def test_a_full_queue_does_not_stop_the_loop(service_manager):
    listening, address = service_manager
    systemd = Systemd({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1"})

    with capture_logs() as told:
        for _ in range(5_000):
            systemd.alive()

    assert told == []
    assert heard(listening) == ["WATCHDOG=1"]
