"""What a robots.txt says to us: the Robots Exclusion Protocol (RFC 9309), and Crawl-delay, which is in no standard but in many files. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.fetch.useragent import PRODUCT

LONGEST = 500 * 1024
"""Bytes that are read; what follows is as if it were not there (RFC 9309 §2.5)."""

_LONGEST_DELAY = 120.0
"""Seconds. A greater Crawl-delay counts as this one: a page of news would be old before it is read."""

_AGENT, _ALLOW, _DISALLOW, _DELAY = "user-agent", "allow", "disallow", "crawl-delay"
_KEYS = {key: key for key in (_AGENT, _ALLOW, _DISALLOW, _DELAY)} | {
    "useragent": _AGENT,
    "user agent": _AGENT,
    "dissallow": _DISALLOW,
    "dissalow": _DISALLOW,
    "disalow": _DISALLOW,
    "diasllow": _DISALLOW,
    "disallaw": _DISALLOW,
    "crawl delay": _DELAY,
    "crawldelay": _DELAY,
}
"""What we heed, in the spellings that are met."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"[A-Za-z_-]+")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_PLAIN = re.compile(r"[A-Za-z0-9/._~=&?+,;:@!'()-]*")
"""Nothing here is written differently elsewhere."""
_ODD = re.compile(r"%([0-9A-Fa-f]{2})|[^!-~]|[*$]")
_SPECIAL = "%*$"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line that allows or forbids."""

    allows: bool
    written: str
    """The pattern, as it stands in the file."""
    line: int
    """From 1."""


class Rules:
    """The rules of the group that speaks to us. ``agent`` is whom it names: our token, or ``*``; ``delay`` how many seconds may not go below between requests."""

    __slots__ = ("_heads", "_matchers", "agent", "delay")

    def __init__(self, agent: str, rules: list[Rule], delay: float = 0.0) -> None:
        self.agent = agent
        self.delay = delay
        matchers = [_Matcher(rule) for rule in rules]
        self._matchers = sorted(matchers, key=lambda each: (-each.weight, not each.rule.allows))
        self._heads = tuple(each.parts[0] for each in matchers if not each.rule.allows)

    def __len__(self) -> int:
        return len(self._matchers)

    def forbids(self, url: str) -> Rule | None:
        """The rule that keeps us from ``url``; None: it may be asked for. The longest pattern decides, and Allow where two are as long (RFC 9309 §2.2.2)."""
        if not self._heads:
            return None
        path = _path(url)
        if not path.startswith(self._heads) or path == "/robots.txt":
            return None
        decisive = next((each.rule for each in self._matchers if each.matches(path)), None)
        return None if decisive is None or decisive.allows else decisive


EVERYTHING = Rules("*", [])
"""What a missing file says."""


def parse(text: str) -> Rules:
    """The rules for us in ``text``: those of all groups that name our token; where no group does, those of all groups for ``*``. Never raises."""
    ours, everyones = _Group(PRODUCT), _Group("*")
    addressed: set[_Group] = set()
    found = False
    naming = False
    """Whether the lines before this one name whom the next rules are for. Only a rule ends that: other lines do not count (RFC 9309 §2.2.4)."""
    for number, key, value in _lines(text):
        if key == _AGENT:
            addressed = addressed if naming else set()
            addressed |= {group for group in (ours, everyones) if group.agent == _token(value)}
            found = found or ours in addressed
            naming = True
            continue
        naming = False
        for group in addressed:
            group.add(number, key, value)
    speaking = ours if found else everyones
    if not speaking.rules and not speaking.delay:
        return EVERYTHING
    return Rules(speaking.agent, speaking.rules, speaking.delay)


class _Group:
    """All groups of a file that speak to ``agent``, as one (RFC 9309 §2.2.1)."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.rules: list[Rule] = []
        self.delay = 0.0

    def add(self, line: int, key: str, value: str) -> None:
        if key == _DELAY:
            if _SECONDS.fullmatch(value):
                self.delay = max(self.delay, min(float(value), _LONGEST_DELAY))
        elif value:  # "Disallow:" without a path forbids nothing
            self.rules.append(Rule(key == _ALLOW, value, line))


class _Matcher:
    """A pattern, ready for paths in ``_normal`` form: ``*`` is any text, a ``$`` at its end the end of the path (RFC 9309 §2.2.3)."""

    __slots__ = ("anchored", "parts", "rule", "weight")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.anchored = rule.written.endswith("$")
        pieces = rule.written.removesuffix("$").split("*")
        self.parts = [_normal(piece) for piece in pieces]
        self.weight = len("*".join(self.parts)) + self.anchored

    def matches(self, path: str) -> bool:
        first, *others = self.parts
        if not path.startswith(first):
            return False
        if not others:
            return not self.anchored or path == first
        place = len(first)
        last = others.pop()
        for part in others:
            found = path.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        return path.endswith(last) and len(path) - len(last) >= place if self.anchored else path.find(last, place) >= 0


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, key and value of each line that we heed."""
    for number, line in enumerate(_LINE_END.split(text), 1):
        name, colon, value = line.partition("#")[0].partition(":")
        key = _KEYS.get(name.strip().lower())
        if key and colon:
            yield number, key, value.strip()


def _token(value: str) -> str:
    """Whom a User-agent line names: ``*``, or a product token; what follows it, such as a version, does not count."""
    if value.startswith("*"):
        return "*"
    name = _NAME.match(value)
    return name[0].lower() if name else ""


def _path(url: str) -> str:
    parts = urlsplit(url)
    return _normal(f"{parts.path or '/'}?{parts.query}" if parts.query or "?" in url.partition("#")[0] else parts.path or "/")


def _normal(text: str) -> str:
    """One spelling for all spellings of a path: only what is not printable ASCII is escaped, in capitals, and what means something in a pattern.

    RFC 9309 §2.2.2 asks to escape reserved characters rather than to undo their escapes; for a comparison that is the same.
    """
    return text if _PLAIN.fullmatch(text) else _ODD.sub(_respelled, text)


def _respelled(match: re.Match[str]) -> str:
    if match[1]:
        character = chr(int(match[1], 16))
        return character if "!" <= character <= "~" and character not in _SPECIAL else match[0].upper()
    return "".join(f"%{byte:02X}" for byte in match[0].encode(errors="replace"))
