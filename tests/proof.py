"""How often a proof repeats: a short form in ``make test``, the full count in ``make prove``."""

import os

PROVE = os.environ.get("HEADWATER_PROVE") == "1"


def times(short: int, full: int) -> int:
    """The number of repetitions for this run."""
    return full if PROVE else short
