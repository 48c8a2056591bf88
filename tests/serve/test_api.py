"""The interface for programs does what its own description says."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

ARTICLES = "/api/v1/articles"


@pytest.fixture
def description(site):
    return json.loads(site.find("/api/openapi.json").body)


@pytest.fixture
def follows(description):
    """Whether an answer is one of those that are described for its operation and status; the answer."""

    def check(operation, resource):
        described = description["paths"][operation]["get"]["responses"][str(resource.status)]
        ((media_type, content),) = described["content"].items()
        schema = content["schema"] | {"components": description["components"]}
        told = json.loads(resource.body)
        Draft202012Validator(schema).validate(told)
        assert resource.media_type == media_type == ("application/json" if resource.status == 200 else "application/problem+json")
        return told

    return check


def test_every_schema_is_one(description):
    for schema in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_path_that_is_described_is_there(site, shelf, description, follows):
    for path in description["paths"]:
        assert follows(path, site.find(path.replace("{id}", shelf.held[0].id)))


def test_an_article_says_what_it_says_in_feeds(site, shelf, follows):
    article = shelf.held[1]

    told = follows(f"{ARTICLES}/{{id}}", site.find(f"{ARTICLES}/{article.id}"))

    assert (told["id"], told["title"], told["url"], told["language"], told["authors"]) == (
        article.id,
        article.title,
        article.url,
        "zh",
        ["李雷"],
    )
    assert told["published"] == "2026-03-02T12:00:00+08:00"
    assert told["page"] == f"https://wire.example.org/articles/{article.id}/"


def test_an_article_that_is_not_there_is_told(site, follows):
    assert follows(f"{ARTICLES}/{{id}}", site.find(f"{ARTICLES}/nothing"))["detail"] == "there is no such article"


@pytest.mark.parametrize("limit", [1, 7, 50, 100])
def test_the_pages_of_a_list_hold_every_article_once(site, shelf, follows, limit):
    seen = []
    address = f"https://wire.example.org{ARTICLES}?limit={limit}"
    while address:
        parts = urlsplit(address)
        told = follows(ARTICLES, site.find(parts.path, dict(parse_qsl(parts.query))))
        assert len(told["articles"]) <= limit
        seen += [article["id"] for article in told["articles"]]
        address = told["next"]

    assert sorted(seen) == sorted(article.id for article in shelf.held)


def test_a_query_goes_along_to_the_next_page(site, follows):
    told = follows(ARTICLES, site.find(ARTICLES, {"q": "country:NO", "limit": "10"}))

    assert dict(parse_qsl(urlsplit(told["next"]).query)).keys() == {"q", "limit", "before"}
    assert {article["university"] for article in told["articles"]} == {"north"}


@pytest.mark.parametrize(
    ("parameters", "position"),
    [
        ({"q": "robots titel:ice"}, 7),
        ({"q": '"open'}, 0),
        ({"limit": "0"}, None),
        ({"limit": "101"}, None),
        ({"limit": "x"}, None),
        ({"limit": "9" * 5000}, None),
        ({"before": "x"}, None),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(site, follows, parameters, position):
    resource = site.find(ARTICLES, parameters)

    told = follows(ARTICLES, resource)

    assert resource.status == 400
    assert (told["type"], told["title"], told["status"]) == ("about:blank", "Bad Request", 400)
    assert told["detail"]
    assert told["position"] == position


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parameters=st.fixed_dictionaries({}, optional={"q": st.text(max_size=30), "limit": st.text(max_size=5), "before": st.text(max_size=30)})
)
def test_whatever_is_asked_the_answer_is_one_that_is_described(site, follows, parameters):
    try:
        follows(ARTICLES, site.find(ARTICLES, parameters))
    except AssertionError as error:
        # The shelf of these tests does not understand every query; the store does.
        if not type(error.args[0]).__module__.startswith("aggregator.query"):
            raise


def test_lists_name_their_feeds(site, follows):
    feeds = follows("/api/v1/feeds", site.find("/api/v1/feeds"))["feeds"]
    universities = follows("/api/v1/universities", site.find("/api/v1/universities"))["universities"]
    sources = follows("/api/v1/sources", site.find("/api/v1/sources"))["sources"]

    addresses = [address for each in (*feeds, *universities) for address in each["feeds"].values()]
    assert len(addresses) == 3 * (2 + 2)
    assert all(site.find(urlsplit(address).path) for address in addresses)
    assert {source["id"] for source in sources} == {"north/news", "east/news"}


def test_programs_of_every_origin_may_ask_and_ask_again(browser):
    first = browser.get(f"{ARTICLES}?q=country:NO&limit=3")

    assert first.headers["access-control-allow-origin"] == "*"
    assert len(json.loads(first.body)["articles"]) == 3
    assert browser.get(f"{ARTICLES}?q=country:NO&limit=3", if_none_match=first.headers["etag"]).status == 304
