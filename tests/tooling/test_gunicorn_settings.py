"""Requests to gunicorn: a queue narrowed by all filters has a URL of thousands of characters."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.forms import MultipleChoiceField
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from config import gunicorn_settings
from config.commands import ROOT, _processes
from desk.filters import DeskTicketFilter
from tickets.models import Ticket


def test_long_urls_are_accepted_in_request_line_and_headers():
    settings = Config()
    for name in ("limit_request_line", "limit_request_field_size"):
        settings.set(name, getattr(gunicorn_settings, name))
    path = f"/desk/?q={'x' * 8150}"
    host = "https://careline.example"
    sent = f"GET {path} HTTP/1.1\r\nHost: careline.example\r\nHX-Current-URL: {host}{path}\r\n\r\n".encode()
    request = next(RequestParser(settings, iter([sent]), ("127.0.0.1", 1)))
    assert request.uri == path and ("HX-CURRENT-URL", f"{host}{path}") in request.headers


@pytest.mark.django_db  # some choices are people
def test_url_with_all_filters_fits_and_is_shortened_for_sign_in(client):
    """A three-byte character takes nine characters, and fifteen where the URL is within another: there the filters are omitted."""
    form = DeskTicketFilter(None, user=None, now=None, queryset=Ticket.objects.none(), is_whole=True).form
    pairs = []
    for name, field in form.fields.items():
        choices = [str(value) for value, _label in getattr(field, "choices", ()) if value]
        if isinstance(field, MultipleChoiceField):
            pairs += [(name, value) for value in choices]
        else:
            pairs.append((name, max(choices, key=len) if choices else "號" * int(field.widget.attrs.get("maxlength", 10))))
    path = f"/desk/?{urlencode([*pairs, ('q', '號' * 200)])}"
    assert len(f"GET {path} HTTP/1.1") < gunicorn_settings.limit_request_line < len(f"/account/login/?{urlencode({'next': path})}")
    assert client.get(path).url == "/account/login/?next=/desk/"


def test_demo_and_image_use_the_same_settings():
    command = _processes(8000)["web"]
    assert Path(command[command.index("--config") + 1]) == Path(gunicorn_settings.__file__) == ROOT / "config" / "gunicorn_settings.py"
    assert '"gunicorn", "--config", "config/gunicorn_settings.py"' in (ROOT / "Dockerfile").read_text(encoding="utf-8")
