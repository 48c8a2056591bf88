"""The page at which a reader leaves a newsletter."""

from __future__ import annotations

import pytest

from aggregator.errors import StoreBusy


class Leavers:
    def __init__(self) -> None:
        self.gone: list[str] = []
        self.busy = False

    def title(self, token: str) -> str | None:
        if self.busy:
            raise StoreBusy("busy")
        return "Ice <b>&" if token == "right" else None

    def leave(self, token: str) -> bool:
        self.gone.append(token)
        return True


@pytest.fixture
def leavers():
    return Leavers()


@pytest.fixture
def visitor(browse, site, leavers):
    return browse(lambda: site, leavers=leavers)


def test_looking_at_the_page_leaves_nothing(visitor, leavers):
    found = visitor.get("/unsubscribe/right")

    assert found.status == 200
    assert "<form method=post>" in found.body.decode()
    assert "Ice &lt;b&gt;&amp;" in found.body.decode()
    assert found.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in found.headers["content-security-policy"]
    assert leavers.gone == []


def test_one_click_of_a_mail_program_leaves(visitor, leavers):
    found = visitor.ask("POST", "/unsubscribe/right", body=b"List-Unsubscribe=One-Click")

    assert found.status == 200
    assert "no more mail" in found.body.decode()
    assert leavers.gone == ["right"]


@pytest.mark.parametrize("token", ["wrong", "x" * 5_000])
def test_another_token_is_nowhere(visitor, leavers, token):
    assert visitor.get(f"/unsubscribe/{token}").status == 404
    assert visitor.ask("POST", f"/unsubscribe/{token}").status == 404
    assert leavers.gone == []


def test_a_database_that_is_busy_asks_for_patience(visitor, leavers):
    leavers.busy = True

    assert visitor.ask("POST", "/unsubscribe/right").status == 503
