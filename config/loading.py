"""Loading the project without garbage collection: a hundred thousand objects that live as long as their process (docs/decisions/0408)."""

import gc
from contextlib import contextmanager


def begin():
    """Disable garbage collection while the project is loaded: it takes a quarter of the time and finds nothing."""
    gc.disable()


def end():
    """Enable garbage collection for objects created from now on. Scanning the loaded ones would write to their memory, so that forked
    processes could no longer share it."""
    gc.freeze()
    gc.enable()


@contextmanager
def loading():
    """Load the project within the block."""
    begin()
    try:
        yield
    finally:
        end()
