"""What the daemon counts and measures, in the words of Prometheus (text format 0.0.4). docs/grafana.json draws it, docs/alerts.yaml watches it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest

from aggregator import __version__
from aggregator.fetch import Traffic
from aggregator.model import Survey

Ending = Literal["ok", "failed", "unreached", "refused"]
"""How a poll ends: something readable came; the source failed; no server was reached; the database refused what came."""

_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300)
_PLACES = frozenset(
    "api before feeds hub universities articles stories search opml.xml status events events.rss events.atom events.json healthz readyz metrics unsubscribe static websub desk".split()
)
"""The first parts of addresses that are counted by name: nobody outside can make up more."""


@dataclass(frozen=True, slots=True)
class Vital:
    """How the daemon, or a worker, does, besides what it has counted."""

    ok: bool
    configured: bool
    """Whether the files in config/, as they are now, are in force."""
    last_tick: datetime | None
    """When it last looked for work, or heard of the database."""
    online: bool | None = None
    """Whether any source could be reached; None: somebody else judges that."""
    speaks: bool | None = None
    """Whether it is this daemon that tells people and hubs, where several work on one database; None: it is a worker, which never does."""


class Meters:
    """Counts from the start of the process. One for a daemon: a new configuration changes nothing about it."""

    def __init__(self) -> None:
        self.traffic = Traffic()
        self._counted = CollectorRegistry()
        ProcessCollector(registry=self._counted)
        self._polls = Counter("aggregator_polls", "Polls that have ended, by how.", ["outcome"], registry=self._counted)
        self._new = Counter("aggregator_articles_new", "Articles that were stored.", registry=self._counted)
        self._revised = Counter("aggregator_articles_revised", "Articles whose source has changed them.", registry=self._counted)
        self._took = Histogram("aggregator_poll_seconds", "How long polls took.", buckets=_SECONDS, registry=self._counted)
        self._served = Counter(
            "aggregator_served_requests", "Requests that were answered, by place and status.", ["place", "status"], registry=self._counted
        )
        for ending in ("ok", "failed", "unreached", "refused"):
            self._polls.labels(ending)  # a series that begins at its first failure has no rate of failures

    def polled(self, ending: Ending, *, new: int, revised: int, seconds: float) -> None:
        self._polls.labels(ending).inc()
        self._new.inc(new)
        self._revised.inc(revised)
        self._took.observe(seconds)

    def served(self, path: str, status: int) -> None:
        first = path.lstrip("/").partition("/")[0]
        place = first if first in _PLACES else "other" if first else "front"
        self._served.labels(place, str(status)).inc()

    def exposition(self, vital: Vital, survey: Survey | None, *, now: datetime) -> bytes:
        """``survey`` None: the database does not answer, or others tell what it knows, and that is left out."""
        measured = _Measured([*_of_daemon(vital), *self._of_traffic(), *(_of_sources(survey, now) if survey else ())])
        return generate_latest(self._counted) + generate_latest(measured)

    def _of_traffic(self) -> Iterator[Metric]:
        told = "Answers to requests that were sent to sites, robots.txt and redirects included."
        yield CounterMetricFamily("aggregator_fetch_answers", told, self.traffic.requests)
        yield CounterMetricFamily("aggregator_fetch_bytes", "Bytes of bodies that came over the wire.", self.traffic.received)


class _Measured(CollectorRegistry):
    """What was measured just now."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        super().__init__()
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def _of_daemon(vital: Vital) -> Iterator[Metric]:
    yield _labelled("aggregator_build_info", "The version of this program.", ["version"], {__version__: 1})
    yield GaugeMetricFamily("aggregator_healthy", "1 where /healthz says ok.", vital.ok)
    if vital.online is not None:
        yield GaugeMetricFamily("aggregator_online", "0 where no source at all could be reached.", vital.online)
    yield GaugeMetricFamily(
        "aggregator_configuration_in_force", "0 where files in config/ are wrong, and older ones in force.", vital.configured
    )
    if vital.speaks is not None:
        yield GaugeMetricFamily("aggregator_speaks", "1 for the daemon of a database that tells people and hubs.", vital.speaks)
    yield _moments("aggregator_last_tick_timestamp_seconds", "When work was last looked for.", vital.last_tick)


def _of_sources(survey: Survey, now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily("aggregator_articles", "Articles that are stored.", survey.articles)
    yield GaugeMetricFamily("aggregator_revision", "Grows whenever published content changes.", survey.revision)
    yield _labelled("aggregator_sources", "Sources by state.", ["state"], survey.states)
    yield _labelled("aggregator_websub_subscriptions", "Subscriptions at hubs, by state.", ["state"], survey.subscriptions)
    yield GaugeMetricFamily("aggregator_sources_due", "Sources that should have been polled by now.", survey.due)
    oldest = (now - survey.oldest_due).total_seconds() if survey.oldest_due else 0.0
    yield GaugeMetricFamily("aggregator_oldest_due_seconds", "For how long the source has been due that waits longest.", max(0.0, oldest))
    failures = {each.source: each.failures for each in survey.watched}
    yield _labelled("aggregator_source_failures", "Polls that failed since the last success; of the worst sources.", ["source"], failures)
    successes = {each.source: each.last_success.timestamp() for each in survey.watched if each.last_success}
    name = "aggregator_source_last_success_timestamp_seconds"
    yield _labelled(name, "When the source last answered with something readable; of the worst sources.", ["source"], successes)


def _labelled(name: str, told: str, labels: list[str], values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for label, value in values.items():
        family.add_metric([label], value)
    return family


def _moments(name: str, told: str, moment: datetime | None) -> Metric:
    return GaugeMetricFamily(name, told, moment.timestamp() if moment else 0.0)
