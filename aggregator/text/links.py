"""What a link in a page leads to, wherever its author hid the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from aggregator.text import urls

MIRRORED: Final = ("tppabs", "data-original-href")
"""Attributes in which site copiers keep the address of the live page; they win over ``href``, which leads into the copy."""

SPARE: Final = ("data-href", "data-url", "data-link", "data-target-url", "data-permalink", "data-ajax-href", "data-clickable-href", "_href", "ng-href", "xlink:href")
"""Attributes in which scripts keep an address; read where ``href`` leads nowhere."""

_SCRIPTED = re.compile(
    r"(?:window\.open|location(?:\.href|\.assign|\.replace)?|self\.location|\w{0,20}(?:open|goto|jump|link|href|url|redirect|view|detail|show)\w{0,20})"
    r"\s{0,5}[=(]\s{0,5}(['\"])([^'\"<>]{1,2000})\1",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:https?:)?//|^\.{0,2}/|^\?|[/?=]|\.(?:s?html?|jhtml|php|aspx?|jsp|do|pdf|action)\b", re.IGNORECASE)
_NOWHERE = re.compile(r"(?i)^(?:#|$|about:|javascript:|void\b|mailto:|tel:|sms:|fax:|data:|blob:|file:|callto:|skype:|whatsapp:|weixin:|tencent:|ftp:|view-source:|intent:)")
_TEMPLATE = re.compile(r"\{\{|\}\}|<%|%>|\$\{|\[%")
_ROUTE = re.compile(r"^#!?/")


def target(attributes: Mapping[str, str], base: str) -> str | None:
    """The absolute http(s) address to which a browser goes when the element with these attributes is clicked; None where it stays.

    Read in this order: the mirror attribute of a site copier, ``href``, the address in a script (``href="javascript:…"`` or ``onclick``), attributes
    kept for scripts. Fragments of the page itself, mail, telephone and unfilled templates lead nowhere.
    """
    for name in MIRRORED:
        mirrored = attributes.get(name)
        if mirrored and mirrored.startswith(("http://", "https://")):
            return urls.absolute(base, mirrored)
    href = (attributes.get("href") or "").strip()
    if not _NOWHERE.match(href) or _ROUTE.match(href):
        return _usable(base, href)
    found = _scripted(href) if href[:11].lower() == "javascript:" else None
    found = found or _scripted(attributes.get("onclick") or "")
    if found is None:
        found = next((value for name in SPARE if (value := (attributes.get(name) or "").strip()) and not _NOWHERE.match(value)), None)
    return _usable(base, found) if found else None


def clickable(attributes: Mapping[str, str]) -> bool:
    """Whether an element that is not ``<a>`` works like a link: it has a script or an attribute that may hold an address."""
    return "onclick" in attributes or any(name in attributes for name in SPARE[:5])


def _scripted(script: str) -> str | None:
    """The address in a line of JavaScript such as ``window.open('/info/1.htm')``."""
    if not script:
        return None
    text = unquote(script[:4000]) if "%27" in script or "%22" in script else script[:4000]
    for match in _SCRIPTED.finditer(text):
        if _ADDRESS.search(match[2]):
            return match[2].strip()
    return None


def _usable(base: str, reference: str) -> str | None:
    return None if _TEMPLATE.search(reference) else urls.absolute(base, reference)
