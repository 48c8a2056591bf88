"""`explain`."""

from __future__ import annotations

import re

import pytest
from typed import Run

from aggregator.model import (
    Article,
)


@pytest.mark.parametrize("form", ["{id}", "urn:uuid:{id}", "http://127.0.0.1:8000/articles/{id}", "https://north.example.edu/news/1.html"])
def test_explain_tells_where_each_field_came_from(run: Run, article: Article, form: str) -> None:
    result = run("explain", form.format(id=article.id))

    assert result.exit_code == 0
    assert article.id in result.output
    assert re.search(r"title +Students build robot number 1\n +from feed: title", result.output)
    assert re.search(r"published +2026-03-01T12:00:00\+00:00\n +from feed: pubdate", result.output)


@pytest.mark.usefixtures("article")
def test_explaining_what_is_not_there_fails_with_what_to_give(run: Run) -> None:
    result = run("explain", "nothing")

    assert result.exit_code == 1
    assert "there is no article nothing; give the id, the guid or the original address" in result.output
