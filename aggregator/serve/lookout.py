"""What a program answers that serves nothing but how it does: ``aggregator worker --port``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def lookout(health: Callable[[], Mapping[str, Any]], lives: Callable[[], bool], metrics: Callable[[], bytes]) -> Starlette:
    """/healthz, 200 where ``health`` says ``ok`` and 503 where not; /livez, 503 where it ``lives`` no longer and only a new start helps; /metrics."""

    async def healthz(_: Request) -> Response:
        told = health()
        return _fresh(json.dumps(told, ensure_ascii=False).encode(errors="replace"), "application/json", 200 if told["ok"] else 503)

    async def livez(_: Request) -> Response:
        return _fresh(b"alive\n", "text/plain; charset=utf-8") if lives() else _fresh(b"stuck\n", "text/plain; charset=utf-8", 503)

    async def measured(_: Request) -> Response:
        return _fresh(metrics(), "text/plain; version=0.0.4; charset=utf-8")

    return Starlette(routes=[Route("/healthz", healthz), Route("/livez", livez), Route("/metrics", measured)])


def _fresh(body: bytes, media_type: str, status: int = 200) -> Response:
    return Response(body, status, {"Cache-Control": "no-store"}, media_type)
