"""What every process that reads begins with: the code of all readers, and the universities, in memory that they share.

Imported by the process that forks them, before the first one.
"""

from __future__ import annotations

import gc
import sys
import traceback
from importlib import import_module
from multiprocessing import reduction, spawn
from types import TracebackType

from aggregator.digest import PARTS
from aggregator.refine.mentions.gazetteer import packaged

for part in (*PARTS, "aggregator.mend"):
    import_module(part)
packaged()
gc.collect()
gc.freeze()  # a collection in a child would write into each object, and so copy its page


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """As Python does; but for nobody to hear that who asked for a process was killed before it said what for. multiprocessing itself knows no other EOFError:
    what goes wrong in a task is sent to who asked.
    """
    places = traceback.extract_tb(trace)
    if isinstance(error, EOFError) and places and places[-1].filename in _ASKED:
        return
    sys.__excepthook__(kind, error, trace)


_ASKED = frozenset({reduction.__file__, spawn.__file__})
sys.excepthook = _tell
