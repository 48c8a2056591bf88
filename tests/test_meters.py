"""What /metrics tells, and that the dashboard and the alert rules in docs/ ask for nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from aggregator import __version__
from aggregator.meters import Meters, Vital
from aggregator.model import Survey, Watched

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WELL = Vital(ok=True, online=True, configured=True, speaks=True, last_tick=NOW)
SURVEY = Survey(
    states={"ok": 40, "failing": 2, "new": 0, "gone": 1},
    subscriptions={"asked": 0, "active": 3, "refused": 1},
    due=2,
    oldest_due=NOW - timedelta(minutes=3),
    articles=1234,
    revision=17,
    watched=(Watched("north/news", 7, NOW - timedelta(days=2)), Watched('odd/"quoted"\\\n', 1, None)),
)
DOCS = Path(__file__).parents[1] / "docs"


def samples(meters: Meters, survey: Survey | None = SURVEY, vital: Vital = WELL) -> dict[str, float]:
    """Values by name and labels, as a Prometheus server reads them."""
    told = meters.exposition(vital, survey, now=NOW).decode()
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def test_sources_are_told_by_state_and_the_worst_by_name():
    told = samples(Meters())

    assert told["aggregator_sources[ok]"] == 40
    assert told["aggregator_sources[new]"] == 0
    assert told["aggregator_websub_subscriptions[active]"] == 3
    assert told["aggregator_articles"] == 1234
    assert told["aggregator_sources_due"] == 2
    assert told["aggregator_oldest_due_seconds"] == 180
    assert told["aggregator_source_failures[north/news]"] == 7
    assert told["aggregator_source_last_success_timestamp_seconds[north/news]"] == (NOW - timedelta(days=2)).timestamp()
    assert told['aggregator_source_failures[odd/"quoted"\\\n]'] == 1
    assert 'aggregator_source_last_success_timestamp_seconds[odd/"quoted"\\\n]' not in told


def test_polls_answers_and_traffic_are_counted():
    meters = Meters()
    meters.polled("ok", new=3, revised=1, seconds=0.2)
    meters.polled("failed", new=0, revised=0, seconds=40)
    meters.served("/feeds/all.rss", 200)
    meters.served("/feeds/all.rss", 304)
    meters.served("/", 200)
    meters.traffic.requests += 5
    meters.traffic.received += 9000

    told = samples(meters)

    assert told["aggregator_polls_total[ok]"] == 1
    assert told["aggregator_polls_total[failed]"] == 1
    assert told["aggregator_polls_total[unreached]"] == 0
    assert told["aggregator_articles_new_total"] == 3
    assert told["aggregator_articles_revised_total"] == 1
    assert told["aggregator_poll_seconds_bucket[0.3]"] == 1
    assert told["aggregator_poll_seconds_sum"] == pytest.approx(40.2)
    assert told["aggregator_served_requests_total[feeds][304]"] == 1
    assert told["aggregator_served_requests_total[front][200]"] == 1
    assert told["aggregator_fetch_answers_total"] == 5
    assert told["aggregator_fetch_bytes_total"] == 9000
    assert told[f"aggregator_build_info[{__version__}]"] == 1


def test_addresses_that_strangers_make_up_are_one_series():
    meters = Meters()
    for number in range(50):
        meters.served(f"/nothing-{number}", 404)

    assert samples(meters)["aggregator_served_requests_total[other][404]"] == 50


def test_without_the_database_the_rest_is_told():
    told = samples(Meters(), None, Vital(ok=False, online=False, configured=False, speaks=False, last_tick=None))

    assert (told["aggregator_healthy"], told["aggregator_online"], told["aggregator_configuration_in_force"]) == (0, 0, 0)
    assert told["aggregator_last_tick_timestamp_seconds"] == 0
    assert "aggregator_articles" not in told


def names() -> set[str]:
    """Every metric that there is."""
    meters = Meters()
    meters.served("/", 200)
    return {name.partition("[")[0] for name in samples(meters)}


def asked(expression: str) -> set[str]:
    """Names of metrics in a question in PromQL: our own and those of the process."""
    return set(re.findall(r"\b(?:aggregator|process)_\w+", expression))


def test_the_dashboard_asks_for_metrics_that_exist():
    board = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    questions = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]

    assert len(questions) > 10
    assert asked(" ".join(questions)) <= names()


def test_the_alert_rules_ask_for_metrics_that_exist_and_say_what_to_do():
    rules = [rule for group in YAML(typ="safe").load(DOCS / "alerts.yaml")["groups"] for rule in group["rules"]]

    assert len(rules) >= 8
    assert all(rule["annotations"].keys() >= {"summary", "description"} and rule["labels"]["severity"] for rule in rules)
    assert all(asked(rule["expr"]) for rule in rules)
    assert asked(" ".join(rule["expr"] for rule in rules)) <= names()
