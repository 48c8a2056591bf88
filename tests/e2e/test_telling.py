"""The daemon tells how it does: to Prometheus, to load balancers, to systemd."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from email.utils import formatdate
from pathlib import Path
from shutil import which

import pytest
from letterbox import opened
from prometheus_client.parser import text_string_to_metric_families

UNIT = Path(__file__).parents[2] / "docs" / "aggregator.service"


def metrics(daemon) -> dict[str, float]:
    status, told = daemon.get("/metrics")
    assert status == 200
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told.decode())
        for sample in family.samples
    }


def test_metrics_tell_of_sources_polls_articles_and_subscribers(office, web):
    good, bad = web.site(), web.site()
    office.university("north", good.feed("/feed.xml", range(1, 4)))
    office.university("east", f"{bad.url}/nothing.xml")
    daemon = office.daemon()

    daemon.eventually(lambda: metrics(daemon)["aggregator_sources[ok]"] == 1, "the good source was read")
    daemon.eventually(lambda: metrics(daemon)["aggregator_polls_total[failed]"] >= 2, "the bad source has failed twice")
    daemon.get("/feeds/all.rss")
    told = metrics(daemon)

    assert told["aggregator_healthy"] == told["aggregator_online"] == told["aggregator_configuration_in_force"] == 1
    assert (told["aggregator_sources[ok]"], told["aggregator_sources[failing]"]) == (1, 1)
    assert told["aggregator_articles"] == told["aggregator_articles_new_total"] == 3
    assert told["aggregator_polls_total[ok]"] >= 1
    assert told["aggregator_poll_seconds_count"] >= 3
    assert told["aggregator_fetch_answers_total"] >= 4
    assert told["aggregator_fetch_bytes_total"] > 500
    assert told["aggregator_served_requests_total[feeds][200]"] >= 1
    assert max(value for name, value in told.items() if name.startswith("aggregator_source_failures")) >= 2
    assert daemon.get("/readyz") == (200, b"ready\n")


class ServiceManager:
    """What systemd does for a service of ``Type=notify``."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self.heard: list[str] = []
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._listening.bind(self.address)
        self._listening.setblocking(False)

    def listen(self) -> list[str]:
        while True:
            try:
                self.heard += self._listening.recv(4096).decode().splitlines()
            except BlockingIOError:
                return self.heard

    def end(self) -> None:
        self._listening.close()


@pytest.fixture
def manager(tmp_path):
    manager = ServiceManager(tmp_path)
    yield manager
    manager.end()


def test_systemd_hears_when_it_is_ready_that_it_lives_that_it_reloads_and_that_it_ends(office, site, manager):
    office.university("north", site.feed("/feed.xml", range(1, 4)))

    daemon = office.daemon(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="120000000")
    daemon.eventually(lambda: "READY=1" in manager.listen(), "it is ready")
    daemon.eventually(lambda: manager.listen().count("WATCHDOG=1") >= 2, "it lives")
    assert "STATUS=watching 1 source" in manager.heard

    daemon.signal(signal.SIGHUP)
    daemon.eventually(lambda: manager.listen().count("READY=1") == 2, "it has read its configuration again")
    assert manager.heard.index("RELOADING=1") < len(manager.heard) - 1 - manager.heard[::-1].index("READY=1")

    assert daemon.stop() == 0
    assert "STOPPING=1" in manager.listen()


@pytest.mark.external
def test_the_unit_is_one_that_systemd_understands_and_finds_safe(tmp_path):
    if which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "aggregator.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/aggregator/bin/aggregator", "/bin/true"), encoding="utf-8")

    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", unit], capture_output=True, text=True)

    assert (verified.returncode, verified.stderr) == (0, "")
    assert judged.returncode == 0, judged.stdout


def test_what_happens_is_a_feed_and_a_digest(office, web):
    site = web.site()
    office.university("north", f"{site.url}/feed.xml")
    daemon = office.daemon()
    daemon.eventually(lambda: b"keeps failing" in daemon.get("/events.rss")[1], "the broken source is told")
    office.write("universities/south.yaml", "nmae: South\n")
    daemon.eventually(lambda: b"The configuration is wrong" in daemon.get("/events.rss")[1], "the wrong file is told")

    (office.config / "universities/south.yaml").unlink()
    told = office.run("digest").stdout

    assert "1 broke" in told
    assert "try: The page is not there" in told
    site.feed("/feed.xml", range(1, 3))
    daemon.eventually(lambda: b"is well again" in daemon.get("/events.rss")[1], "it is told that it mended")
    assert "not sent" in office.run("digest", "--send", status=1).stderr


def test_a_digest_and_a_newsletter_can_be_tried_by_mail(office, site):
    with opened() as box:
        office.settings(
            site={"title": "The wire", "url": "https://wire.example.edu"},
            mail={"server": box.address, "sender": "wire@example.edu"},
            notify={"to": ["desk@example.edu"]},
            newsletters=[{"name": "stories", "title": "All stories", "to": ["reader@example.edu"], "where": "story"}],
        )
        now = time.time()
        dates = [formatdate(now - 60 * number, usegmt=True) for number in range(3)]
        items = "".join(
            f"<item><title>A story {date}</title><link>{site.url}/{n}</link><pubDate>{date}</pubDate></item>"
            for n, date in enumerate(dates)
        )
        body = f'<rss version="2.0"><channel><title>North</title>{items}</channel></rss>'.encode()
        office.university("north", site.does("/feed.xml", lambda visit: visit.reply(body, "application/rss+xml")))
        office.run("poll")

        assert "sent by mail" in office.run("digest", "--send").stdout
        assert "sent to me@example.edu" in office.run("newsletter", "stories", "--send", "me@example.edu").stdout
        assert "there are: stories" in office.run("newsletter", "other", status=2).stderr

    assert [(to, letter["Subject"]) for to, letter in box.letters] == [
        (["desk@example.edu"], "The wire: nothing to tell"),
        (["me@example.edu"], "All stories: 3 articles"),
    ]
    assert box.letters[1][1]["List-Unsubscribe"].startswith("<https://wire.example.edu/unsubscribe/")
