"""A news wire for the world's universities: fetch their news pages and feeds, publish one feed."""

__version__ = "0.1.0"
