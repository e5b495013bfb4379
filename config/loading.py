"""Loading the project: a hundred thousand objects that stay for as long as their process (docs/decisions/0408)."""

import gc
from contextlib import contextmanager


def begin():
    """Keep the garbage collector from searching again and again what is being loaded: that takes a quarter of the time."""
    gc.disable()


def end():
    """Let it work, on what is made from here on: what it searches it writes to, and forked processes could no longer share that memory."""
    gc.freeze()
    gc.enable()


@contextmanager
def loading():
    """Load within the block."""
    begin()
    try:
        yield
    finally:
        end()
