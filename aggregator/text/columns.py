"""How wide a text is to a reader."""

from __future__ import annotations

import re

_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001f64f\U00020000-\U0003fffd]"
)


def width(text: str) -> int:
    """Length as a reader sees it: a CJK character counts two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))
