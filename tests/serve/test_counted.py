from __future__ import annotations

import asyncio

from aggregator.serve.counted import Counted


def test_each_answer_is_counted_once_with_its_path_and_status():
    counted, sent = [], []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 304, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message["type"])

    asyncio.run(Counted(app, lambda *told: counted.append(told))({"type": "http", "path": "/feeds/all.rss"}, None, send))

    assert counted == [("/feeds/all.rss", 304)]
    assert sent == ["http.response.start", "http.response.body"]
