"""Our static files: cached permanently under the digest of their content, a minute under any other; texts are compressed (0357)."""

import gzip
import re

import pytest
from django.templatetags.static import static

YEAR, MINUTE = "public, max-age=31536000, immutable", "max-age=60, public"
PACKED = {"HTTP_ACCEPT_ENCODING": "gzip, br"}


def test_files_are_cached_permanently_only_under_their_digest(client):
    address = static("js/careline.js")
    assert re.fullmatch(r"/static/js/careline\.[0-9a-f]{12}\.js", address)
    files = {path: client.get(path) for path in (address, "/static/js/careline.0123456789ab.js", "/static/js/careline.js")}
    assert [answer["Cache-Control"] for answer in files.values()] == [YEAR, MINUTE, MINUTE]
    assert len({b"".join(answer) for answer in files.values()}) == 1
    assert client.get("/static/js/nothing.0123456789ab.js").status_code == 404


def test_unmodified_file_is_304(client):
    answer = client.get("/static/img/select.svg", **PACKED)
    assert client.get("/static/img/select.svg", HTTP_IF_MODIFIED_SINCE=answer["Last-Modified"], **PACKED).status_code == 304


def test_text_files_are_compressed_if_the_client_accepts_it(client):
    address = static("css/request.css")
    plain, packed = client.get(address), client.get(address, **PACKED)
    body = b"".join(packed)
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"] and not plain.has_header("Content-Encoding")
    assert gzip.decompress(body) == (text := b"".join(plain)) and len(body) < len(text) / 3
    assert not client.head(address, **PACKED).has_header("Content-Encoding")
    part = client.get(address, HTTP_RANGE="bytes=0-9", **PACKED)
    assert (part.status_code, b"".join(part)) == (206, text[:10])


@pytest.mark.django_db
def test_pages_are_compressed(client):
    page = client.get("/account/login/", **PACKED)
    assert page["Content-Encoding"] == "gzip" and b"</html>" in gzip.decompress(page.content)
