"""The only way to the network: conditional, paced, bounded and guarded HTTP requests. What comes back is a Response or one FetchError."""

from aggregator.fetch.client import Clock, Fetcher, Limits, Response

__all__ = ["Clock", "Fetcher", "Limits", "Response"]
