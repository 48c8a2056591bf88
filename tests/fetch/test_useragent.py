from __future__ import annotations

import pytest

from aggregator import __version__
from aggregator.fetch.useragent import user_agent


def test_the_user_agent_names_the_program_its_version_and_whom_to_ask():
    assert user_agent("mailto:news@example.edu") == f"university-news-aggregator/{__version__} (+mailto:news@example.edu)"
    assert user_agent(None).startswith(f"university-news-aggregator/{__version__} (+https://")


@pytest.mark.parametrize("contact", ["a\r\nX: y", "новости@example.edu", "a) evil/1 (b", "a b"])
def test_no_contact_breaks_the_header(contact):
    agent = user_agent(contact)

    assert agent.isascii()
    assert agent.isprintable()
    assert agent.count("(") == agent.count(")") == 1
