"""Two operations at once, each on its own connection: one is held at a statement while the other runs, in the same way every time."""

import threading

from django.db import connection

LOCKED = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


class Side(threading.Thread):
    """Runs an operation in a thread. With `hold`, it stops before the first statement that contains this text, until `go` is set."""

    def __init__(self, do, hold=None):
        super().__init__(daemon=True)
        self.do, self.hold, self.result, self.pid = do, hold, None, None
        self.held, self.go, self.ready, self.over = (threading.Event() for _ in range(4))

    def run(self):
        try:
            with connection.execute_wrapper(self.watch):
                connection.ensure_connection()
                self.pid = connection.connection.info.backend_pid
                self.ready.set()
                self.result = self.do()
        except Exception as error:
            self.result = error
        finally:
            connection.close()
            self.over.set()
            self.held.set()
            self.ready.set()

    def watch(self, execute, sql, params, many, context):
        if self.hold and self.hold in str(sql):
            self.hold = None
            self.held.set()
            self.go.wait(30)
        return execute(sql, params, many, context)

    def waits(self):
        """Return whether it waits for a lock."""
        with connection.cursor() as cursor:
            cursor.execute(LOCKED, [self.pid])
            return bool(cursor.fetchone())


def meanwhile(first, hold, second):
    """Run `first` up to the statement that contains `hold`, then `second` until it is done or waits for a lock, then both to their end.

    Return their results; an exception is the result of an operation that raised it.
    """
    one, other = Side(first, hold), Side(second)
    one.start()
    one.held.wait(30)
    assert not one.over.is_set(), f"never got to {hold}: {one.result}"
    other.start()
    other.ready.wait(30)
    while not other.over.wait(0.01) and not other.waits():
        pass
    one.go.set()
    one.join(30)
    other.join(30)
    return one.result, other.result
