"""What the daemon tells its operator: one line an event, coloured for people, logfmt or JSON for machines.

Lines of one poll bear the same ``poll``; with the level "debug" it can be followed from its claim to its commit.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from structlog.typing import Processor


@contextmanager
def _without(library: str) -> Iterator[None]:
    held = {library: sys.modules[library]} if library in sys.modules else {}
    sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[library]
        sys.modules.update(held)


with _without("rich"):  # which would draw tracebacks, for 3 MB and a tenth of a start
    import structlog

Form = Literal["auto", "logfmt", "json"]
_LOGFMT: list[Processor] = [
    structlog.processors.format_exc_info,
    structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
]
_traced = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
"""Passwords stand in local variables."""
_JSON: list[Processor] = [_traced, structlog.processors.JSONRenderer(ensure_ascii=False)]


def configure(level: int | str = logging.INFO, form: Form = "auto") -> None:
    """To standard error. Libraries' own messages come the same way, warnings and worse only. "auto": for people where standard error is a terminal."""
    level = logging.getLevelNamesMapping()[level.upper()] if isinstance(level, str) else level
    lines = _JSON if form == "json" else _LOGFMT
    renderer: list[Processor] = [structlog.dev.ConsoleRenderer()] if form == "auto" and sys.stderr.isatty() else lines
    said: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*said, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*said, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[libraries], force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # who sends garbage gets its 400; a line for each would fill the disk
