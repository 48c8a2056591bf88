"""What every process that reads begins with: the code of all readers, and the universities, in memory that they share.

Imported by the process that forks them, before the first one.
"""

from __future__ import annotations

import gc
from importlib import import_module

from aggregator.digest import PARTS
from aggregator.refine.mentions.gazetteer import packaged

for part in (*PARTS, "aggregator.mend"):
    import_module(part)
packaged()
gc.collect()
gc.freeze()  # a collection in a child would write into each object, and so copy its page
