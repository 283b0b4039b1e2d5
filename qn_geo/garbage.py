"""When Python looks for rubbish: not while a hundred thousand shapes are being made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collected_later() -> Iterator[None]:
    """Put off Python's search for rubbish in cycles until the end of a block or function.

    The search looks at every object there is, which takes a tenth of a second with a hundred thousand shapes in
    memory, and finds nothing: neither shapes nor findings form cycles. Whoever found it switched on switches it on
    again, so blocks may run inside each other and in several threads.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def set_aside() -> None:
    """Keep all objects there are out of every search for rubbish, also one that is asked for, until `bring_back`.

    Streamlit asks for one after every run of a script: with a million cells in the making it takes a second each time,
    and a bar that is drawn anew twice a second makes the work five times as long.
    """
    gc.freeze()


def bring_back() -> None:
    """End `set_aside`."""
    gc.unfreeze()
