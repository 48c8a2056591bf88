"""Entries → articles: who is who, and what may be published. Pure."""
