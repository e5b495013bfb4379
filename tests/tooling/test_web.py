"""How gunicorn takes requests: a queue narrowed by all there is has an address of thousands of characters."""

from pathlib import Path

from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from config import web
from config.commands import ROOT, _processes


def test_long_addresses_are_read_also_where_a_browser_repeats_them():
    settings = Config()
    for name in ("limit_request_line", "limit_request_field_size"):
        settings.set(name, getattr(web, name))
    path = f"/desk/?q={'x' * 8150}"
    host = "https://careline.example"
    sent = f"GET {path} HTTP/1.1\r\nHost: careline.example\r\nHX-Current-URL: {host}{path}\r\n\r\n".encode()
    request = next(RequestParser(settings, iter([sent]), ("127.0.0.1", 1)))
    assert request.uri == path and ("HX-CURRENT-URL", f"{host}{path}") in request.headers


def test_the_settings_are_those_of_the_demo_and_of_the_image():
    command = _processes(8000)["web"]
    assert Path(command[command.index("--config") + 1]) == Path(web.__file__) == ROOT / "config" / "web.py"
    assert '"gunicorn", "--config", "config/web.py"' in (ROOT / "Dockerfile").read_text(encoding="utf-8")
