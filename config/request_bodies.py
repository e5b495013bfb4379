"""Request bodies are read completely or not at all: text cut off by a lost connection is never taken for the whole."""

from django.core.exceptions import BadRequest


class CompleteBodies:
    """WSGI middleware that makes a body shorter than its Content-Length a bad request (400)."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isascii() and length.isdigit():
            environ["wsgi.input"] = _Whole(environ["wsgi.input"], int(length))
        return self.application(environ, start_response)


class _Whole:
    """The input stream as Django reads it, but never beyond its length (see Django's LimitedStream)."""

    def __init__(self, stream, length):
        self.stream, self.left = stream, length

    def read(self, size=-1):
        size = self.left if size is None or size < 0 else min(size, self.left)
        return self._taken(self.stream.read, size, lambda data: len(data) == size)

    def readline(self, size=-1):
        size = self.left if size is None or size < 0 else min(size, self.left)
        return self._taken(self.stream.readline, size, lambda data: len(data) == size or data.endswith(b"\n"))

    def _taken(self, read, size, is_whole):
        data = b""
        while not is_whole(data):
            try:
                more = read(size - len(data))
            except OSError as error:  # the connection was reset
                raise BadRequest("The connection was lost.") from error
            if not more:
                raise BadRequest("The body is shorter than its Content-Length.")
            data += more
        self.left -= len(data)
        return data
