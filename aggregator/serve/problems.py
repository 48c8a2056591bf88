"""What keeps a source from being read, in the language of an operator: the English words that the store keeps → what kind of problem they tell, and
what they advise. Pure.

The words themselves name address, line and selector; they stay as they are, beside this. Problem and advice are told apart: one kind of problem has several
causes, and whoever raises it knows which.
"""

from __future__ import annotations

import re

from aggregator.serve.speech import Speech, noted

KINDS = (
    (re.compile("reads unlike itself"), noted("It reads unlike itself; nothing of it is published")),
    (re.compile("has published nothing"), noted("It answers, but publishes nothing new for longer than usual")),
    (re.compile("a fault in aggregator"), noted("A fault in the program itself")),
    (re.compile("robots.txt says"), noted("The robots.txt of the site forbids it")),
    (re.compile(" answers 410"), noted("The page is gone for good, says its server")),
    (re.compile(" answers (?P<status>404)"), noted("The page is not there (%(status)s)")),
    (re.compile(" answers (?P<status>40[13])"), noted("The server refuses us (%(status)s)")),
    (re.compile(" answers (?P<status>429)"), noted("The server asks for fewer requests (%(status)s)")),
    (re.compile(r" answers (?P<status>\d+)"), noted("The server answers with an error (%(status)s)")),
    (re.compile(r"was not done within (?P<time>[\d.]+) s"), noted("The server was not done within %(time)s s")),
    (
        re.compile("is longer than|unpacks to more|without an end|headers that are too long|too many headers|is more than is read"),
        noted("It sends more than is read"),
    ),
    (re.compile("certificate"), noted("Its certificate cannot be trusted")),
    (re.compile("agree on encryption"), noted("No encryption could be agreed on")),
    (re.compile("could not be looked up"), noted("There is no such host")),
    (re.compile("could not be reached|refused the connection|hung up|the connection"), noted("The server cannot be reached")),
    (re.compile("redirect"), noted("It redirects to where nobody can follow")),
    (re.compile("is not fetched|cannot be read as an address"), noted("This address is not fetched")),
    (re.compile("broke off|is cut off"), noted("The answer broke off")),
    (
        re.compile("says 304|in HTTP|sent what cannot be understood|content coding|it claims to be"),
        noted("It does not answer as a web server should"),
    ),
    (re.compile("anti-bot challenge"), noted("It asks for proof that a person is asking")),
    (re.compile("a login page"), noted("It asks for a login")),
    (re.compile("parked"), noted("The domain is parked, or empty")),
    (re.compile("an error page|JSON error message"), noted("It shows an error page")),
    (re.compile("consent to cookies"), noted("It asks for consent to cookies first")),
    (re.compile("filled by a script"), noted("The page is filled by a script")),
    (re.compile(" is empty|an empty page|next to nothing"), noted("The page is empty")),
    (re.compile("selector"), noted("The selectors of the source do not fit the page")),
    (re.compile("took longer|processes that read|ended its process|of memory"), noted("Reading it took too much time or memory")),
    (re.compile("too deeply|not well-formed|begins like a feed"), noted("The page is too broken to be read")),
    (re.compile("one article"), noted("It is one article, not a list")),
    (re.compile("list without entries"), noted("The list on the page is empty")),
    (
        re.compile(
            "no list|without the list|without links|navigation|dated links|list of courses|made by no system|titles|for machines|leads on"
        ),
        noted("No list of news was found on the page"),
    ),
    (re.compile("(?:PDF document|archive|image|data|media file|office document).*, not|served as"), noted("It is a file, not a page")),
    (re.compile(r"\bnot |WordPress|JSON"), noted("The page is something else than expected")),
)
"""What only the words of such a problem hold; named groups are values of what is said. First match wins."""
REMEDIES = (
    (re.compile("(?i)what it shows now was rejected"), noted("Wait, or change its address in the configuration")),
    (re.compile("(?i)may be its news was found at"), noted("What may be its news was found elsewhere; decide with: aggregator review")),
    (re.compile("(?i)aggregator review"), noted("Decide with: aggregator review")),
    (re.compile("(?i)open its page in a browser"), noted("Look at its page: the news may have moved")),
    (re.compile("(?i)ignore_robots"), noted("Ask the owner of the site, or set ignore_robots with a reason")),
    (re.compile("(?i)nothing: it is asked again"), noted("Nothing to do: it is asked again by itself")),
    (re.compile("(?i)no news at the moment"), noted("Nothing to do if the site has no news at the moment")),
    (re.compile("(?i)stays empty"), noted("Try again later; if it stays empty, look for the feed elsewhere on the site")),
    (re.compile("(?i)try again later"), noted("Try again later")),
    (re.compile("(?i)page that links to it"), noted("Give the address of the page that links to it")),
    (re.compile("(?i)list that links to it"), noted("Give the address of the list that links to it")),
    (re.compile("(?i)open to everybody|a public address"), noted("Give the address of a page that is open to everybody")),
    (re.compile("(?i)that it leads to"), noted("Give the address that it leads to")),
    (re.compile("(?i)that a browser ends at"), noted("Give the address at which a browser ends")),
    (
        re.compile("(?i)if this is it, say `kind: detect`"),
        noted("Give the address of the page that lists the news; if this is it, set kind: detect"),
    ),
    (re.compile("(?i)smaller page or a feed|fewer items"), noted("Name a smaller page or a feed")),
    (re.compile("(?i)home page and give"), noted("Open the home page of the site and give the address of its news")),
    (re.compile("(?i)follow its link to the news"), noted("Follow its link to the news, or name the rows with items:")),
    (re.compile("(?i)sitemap that it names"), noted("Try the sitemap for news that it names")),
    (re.compile("(?i)announces a feed"), noted("Use the feed that the page announces")),
    (re.compile("(?i)validator"), noted("Tell the owner of the site, or read its news page instead")),
    (re.compile("(?i)the page that lists the news"), noted("Give the address of the page that lists the news")),
    (re.compile("(?i)news page"), noted("Give the address of the news page of the site or of its feed")),
    (re.compile("(?i)`kind: auto`"), noted("Set kind: auto, and it is read as what it is")),
    (re.compile("(?i)or take the kind auto"), noted("Add items:, or set kind: auto")),
    (re.compile("(?i)remove `items:` and the kind"), noted("Remove items: and kind: a feed is read by itself")),
    (re.compile("(?i)take the kind detect, or"), noted("Set kind: detect, or name the rows with items:")),
    (re.compile("(?i)take the kind detect"), noted("Set kind: detect")),
    (re.compile("(?i)compare it with the page"), noted("Compare them with the page, or leave them out")),
    (re.compile("(?i)mend `article:`"), noted("Mend article: of the source, or leave it out")),
    (re.compile("(?i)as in a style sheet"), noted("Write it as in a style sheet, e.g. ul.news > li")),
    (re.compile("(?i)the rows with `items:`"), noted("Name the rows with items: (a CSS selector)")),
    (re.compile("(?i)full_text: never"), noted("Publish the items from their rows: full_text: never")),
    (re.compile("(?i)its address in the list"), noted("Check the address of the article in the list")),
    (re.compile("(?i)allow_private"), noted("If it is meant to be reached, add it to fetch.allow_private")),
    (re.compile("(?i)fetch.timeout"), noted("Raise fetch.timeout if the site is known to be slow")),
    (re.compile("(?i)fetch.max_body"), noted("Raise fetch.max_body if the page really is that long")),
    (re.compile("(?i)poll.every"), noted("Poll it less often")),
    (re.compile("(?i)is it https"), noted("Check the address: is it https?")),
    (re.compile("(?i)spelling of the host"), noted("Check the spelling of the host, and that this machine is online")),
    (re.compile("(?i)address and its port"), noted("Check the address and its port")),
    (re.compile("(?i)network works here"), noted("Check that the network works here")),
    (re.compile("(?i)short of memory"), noted("This machine may be short of memory: see its kernel log")),
    (re.compile("(?i)aggregator import"), noted("Take its feeds over with: aggregator import")),
    (re.compile("(?i)tries the usual ones"), noted("Look for a feed of the site with: aggregator add")),
    (re.compile("(?i)aggregator add"), noted("Find its new address with: aggregator add")),
    (re.compile("(?i)search for its new address|find its new address"), noted("The site has moved: search for its new address")),
    (re.compile("(?i)usually at /feed/"), noted("Use the feed of the site, usually at /feed/")),
    (re.compile("(?i)wp-json"), noted("Its address ends in /wp-json/wp/v2/posts")),
    (re.compile("(?i)ask the site to admit"), noted("Ask the owner of the site, or use a feed of it")),
    (re.compile("(?i)use a feed of the site"), noted("Use a feed of the site")),
    (re.compile("(?i)configure another address"), noted("Ask the owner of the site, or name another address")),
    (re.compile("(?i)remove the source"), noted("Remove the source, or give it its new address")),
    (re.compile("(?i)correct the address"), noted("Correct the address")),
    (re.compile("(?i)traceback"), noted("Please report it, with what stands in the log")),
    (re.compile("(?i)site's owner"), noted("Tell the owner of the site")),
    (re.compile("(?i)report this as a bug"), noted("Open the address in a browser; if it works there, report it")),
    (re.compile("(?i)browser"), noted("Open the address in a browser")),
)
"""What only the words of such a remedy hold. First match wins."""
_NAMED = re.compile(r"https?://\S+")
"""The address that failed says nothing of why: it may be that of a page about certificates."""


def spoken(problem: str, remedy: str | None, speech: Speech) -> tuple[str | None, str | None]:
    """What it is, and what to try; None each where nobody knows more than its own words."""
    return _said(KINDS, problem, speech), _said(REMEDIES, remedy or "", speech)


def _said(signs: tuple[tuple[re.Pattern[str], str], ...], words: str, speech: Speech) -> str | None:
    bare = _NAMED.sub("", words)
    return next((speech.say(said, **found.groupdict()) for sign, said in signs if (found := sign.search(bare))), None)
