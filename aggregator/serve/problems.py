"""What keeps a source from being read, in the language of an operator: the English words that the store keeps → what kind of problem they tell. Pure.

The words themselves name address, line and selector; they stay as they are, beside this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.serve.speech import Speech, noted


@dataclass(frozen=True, slots=True)
class Kind:
    """``sign``: what only the words of this kind hold; its named groups are values of ``said``."""

    sign: re.Pattern[str]
    said: str
    tried: str


def _kind(sign: str, said: str, tried: str) -> Kind:
    return Kind(re.compile(sign), said, tried)


_AGAIN = noted("Nothing to do: it is asked again by itself")
_ADDRESS = noted("Correct the address, or find the new one with: aggregator add")
_OWNER = noted("Ask the owner of the site, or name another address")

KINDS = (
    _kind("reads unlike itself", noted("It reads unlike itself; nothing of it is published"), noted("Decide with: aggregator review")),
    _kind(
        "has published nothing",
        noted("It answers, but publishes nothing new for longer than usual"),
        noted("Look at its page: the news may have moved"),
    ),
    _kind("a fault in aggregator", noted("A fault in the program itself"), noted("Please report it, with what stands in the log")),
    _kind("robots.txt says", noted("The robots.txt of the site forbids it"), _OWNER),
    _kind(" answers 410", noted("The page is gone for good, says its server"), noted("Remove the source, or give it its new address")),
    _kind(r" answers (?P<status>404)", noted("The page is not there (%(status)s)"), _ADDRESS),
    _kind(r" answers (?P<status>40[13])", noted("The server refuses us (%(status)s)"), _OWNER),
    _kind(r" answers (?P<status>429)", noted("The server asks for fewer requests (%(status)s)"), noted("Poll it less often")),
    _kind(r" answers (?P<status>\d+)", noted("The server answers with an error (%(status)s)"), _AGAIN),
    _kind(
        r"was not done within (?P<time>[\d.]+) s",
        noted("The server was not done within %(time)s s"),
        noted("Raise fetch.timeout if the site is known to be slow"),
    ),
    _kind(
        "is longer than|unpacks to more|without an end|headers that are too long|too many headers|is more than is read",
        noted("It sends more than is read"),
        noted("Raise fetch.max_body if the page really is that long"),
    ),
    _kind("certificate", noted("Its certificate cannot be trusted"), noted("Tell the owner of the site")),
    _kind("agree on encryption", noted("No encryption could be agreed on"), noted("Check the address: is it https?")),
    _kind(
        "could not be looked up", noted("There is no such host"), noted("Check the spelling of the host, and that this machine is online")
    ),
    _kind("could not be reached|refused the connection|hung up|the connection", noted("The server cannot be reached"), _AGAIN),
    _kind("redirect", noted("It redirects to where nobody can follow"), _ADDRESS),
    _kind("is not fetched|cannot be read as an address", noted("This address is not fetched"), _ADDRESS),
    _kind("broke off|is cut off", noted("The answer broke off"), _AGAIN),
    _kind(
        "says 304|in HTTP|sent what cannot be understood|content coding|it claims to be",
        noted("It does not answer as a web server should"),
        noted("Open the address in a browser; if it works there, report it"),
    ),
    _kind(
        "anti-bot challenge", noted("It asks for proof that a person is asking"), noted("Ask the owner of the site, or use a feed of it")
    ),
    _kind("a login page", noted("It asks for a login"), noted("Give the address of a page that is open to everybody")),
    _kind("parked", noted("The domain is parked, or empty"), noted("The site has moved: search for its new address")),
    _kind("an error page|JSON error message", noted("It shows an error page"), _ADDRESS),
    _kind("consent to cookies", noted("It asks for consent to cookies first"), noted("Use a feed of the site")),
    _kind("filled by a script", noted("The page is filled by a script"), noted("Look for a feed of the site with: aggregator add")),
    _kind(" is empty|an empty page|next to nothing", noted("The page is empty"), noted("Open the address in a browser")),
    _kind("selector", noted("The selectors of the source do not fit the page"), noted("Compare them with the page, or leave them out")),
    _kind("took longer|processes that read|ended its process|of memory", noted("Reading it took too much time or memory"), _ADDRESS),
    _kind("too deeply|not well-formed|begins like a feed", noted("The page is too broken to be read"), noted("Tell the owner of the site")),
    _kind(
        "no list|without the list|without entries|without links|navigation|dated links|list of courses|made by no system|titles|for machines|one article|leads on",
        noted("No list of news was found on the page"),
        noted("Give the address of the page that lists the news"),
    ),
    _kind(
        r"\bnot |WordPress|JSON", noted("The page is something else than expected"), noted("Set kind: auto, and it is read as what it is")
    ),
)
"""First match wins."""
_NAMED = re.compile(r"https?://\S+")
"""The address that failed says nothing of why: it may be that of a page about certificates."""


def spoken(problem: str, speech: Speech) -> tuple[str, str] | None:
    """What it is, and what to try; None where nobody knows more than its own words."""
    words = _NAMED.sub("", problem)
    for kind in KINDS:
        if found := kind.sign.search(words):
            return speech.say(kind.said, **found.groupdict()), speech.say(kind.tried)
    return None
