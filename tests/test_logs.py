"""What the daemon tells: each line for a machine, and one poll among many can be followed."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from aggregator import logs


@pytest.fixture(autouse=True)
def _as_before():
    held = logging.getLogger("uvicorn.error").level, logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.getLogger("uvicorn.error").setLevel(held[0])
    logging.root.handlers[:] = held[1]
    logging.root.setLevel(held[2])


def test_lines_are_logfmt_with_the_poll_they_belong_to(capsys):
    logs.configure()

    with structlog.contextvars.bound_contextvars(poll="a1b2"):
        structlog.get_logger().info("polled", source="north/news", problem='answered "500"')
    structlog.get_logger().info("ended")

    first, second = capsys.readouterr().err.splitlines()
    assert "level=info event=polled" in first
    assert "poll=a1b2" in first
    assert r'problem="answered \"500\""' in first
    assert "poll=" not in second


def test_lines_can_be_json_and_tracebacks_stay_in_their_line(capsys):
    logs.configure("info", "json")

    try:
        int("broken\nover lines")
    except ValueError:
        structlog.get_logger().exception("a poll broke", source="北/news")

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["source"]) == ("a poll broke", "error", "北/news")
    assert told["exception"][0]["exc_type"] == "ValueError"
    assert "北" in line


def test_debug_is_told_only_where_it_is_wanted(capsys):
    logs.configure("info")
    structlog.get_logger().debug("fetched")
    assert capsys.readouterr().err == ""

    logs.configure("debug")
    structlog.get_logger().debug("fetched")
    assert "fetched" in capsys.readouterr().err


def test_what_libraries_say_is_a_line_like_ours(capsys):
    logs.configure("info", "json")

    try:
        int("broken\nover lines")
    except ValueError:
        logging.getLogger("some.library").exception("it broke")
    logging.getLogger("some.library").info("nobody needs this")

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["logger"]) == ("it broke", "error", "some.library")
    assert told["exception"][0]["exc_type"] == "ValueError"


@pytest.mark.parametrize("form", ["json", "logfmt"])
def test_no_traceback_tells_what_stood_in_variables(capsys, form):
    logs.configure("info", form)
    password = "s3cret"

    try:
        int(f"no number {len(password)}")
    except ValueError:
        logging.getLogger("some.library").exception("it broke")
        structlog.get_logger().exception("so did we")

    assert "s3cret" not in capsys.readouterr().err.replace('password = "s3cret"', "")
