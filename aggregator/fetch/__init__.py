"""The only way to the network: conditional, paced, bounded and guarded HTTP requests. What comes back is a Response or one FetchError."""

import aggregator.fetch.trust  # noqa: F401 - first: see there

# isort: split
from aggregator.fetch.client import Fetcher, Limits, Reply, Response
from aggregator.fetch.exchange import Clock, Traffic
from aggregator.fetch.permits import Shelf
from aggregator.fetch.turns import Desk

__all__ = ["Clock", "Desk", "Fetcher", "Limits", "Reply", "Response", "Shelf", "Traffic"]
