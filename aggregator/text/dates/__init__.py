"""What moment a text means: one notation after another from a table, in fifty languages, with how exactly it is said and which rule knew it.

    parse_date    the whole text is a date (a feed's pubDate, a cell, the text of <time>)
    find_date     a date stands somewhere in a longer text (a table row, a line under a headline)
    date_in_url   an address names the day
    vote_day_first  do the numeric dates of one page write the day first?

Texts that merely contain digits are no dates: "2024级新生", a DOI, a telephone number, a score. Nothing here knows what time it is: ``now`` is the moment
from which relative dates are counted, a missing year is inferred, and beyond which (two years) a date is not believed.
"""

from __future__ import annotations

from aggregator.text.dates.addresses import date_in_url
from aggregator.text.dates.moments import Moment, find_date, parse_date
from aggregator.text.dates.votes import vote_day_first

__all__ = ["Moment", "date_in_url", "find_date", "parse_date", "vote_day_first"]
