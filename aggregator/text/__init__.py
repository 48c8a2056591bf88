"""Leaf knowledge about text: addresses, dates, character sets, markup, languages, search terms. Pure; knows nothing of the line."""
