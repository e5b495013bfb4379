"""Parts rendered in Python equal a template's output, and no text in them becomes markup."""

import datetime

import pytest
from django.template import Context, Template
from django.utils.html import escape
from django.utils.safestring import SafeString

MARKUP = ("<script>alert(1)</script>", '" onclick="alert(1)', "' or &amp;", "{{ plain }}<b>")
ROWS = {
    "{% options rows chosen %}": lambda odd: {"rows": [(odd, odd)], "chosen": odd},
    "{% copy text what %}": lambda odd: {"text": odd, "what": odd},
    "{% did text what url %}": lambda odd: {"text": odd, "what": odd, "url": odd},
    "{% links rows %}": lambda odd: {"rows": [{"label": odd, "url": odd}]},
    "{% tabs rows label %}": lambda odd: {"label": odd, "rows": [{"label": odd, "url": odd, "count": odd, "active": True}]},
    "{% codes rows page day %}": lambda odd: {"rows": [(odd, odd)], "page": odd, "day": odd},
    "{% facts rows %}": lambda odd: {"rows": [{"label": odd, "value": odd}]},
    "{% cells rows %}": lambda odd: {"rows": [{"label": odd, "text": odd, "tone": odd}, {"label": odd, "text": odd, "note": odd}]},
}


def rendered(template, **context):
    return Template(template).render(Context(context))


@pytest.mark.parametrize("template", ROWS)
def test_no_text_becomes_markup(template):
    plain = rendered(template, **ROWS[template]("plain"))
    for odd in MARKUP:
        shown = rendered(template, **ROWS[template](odd)).replace("<wbr>", "")  # where a long word may wrap
        assert shown == plain.replace("plain", escape(odd)).replace("Plain", escape(odd))


def test_chosen_option_is_selected_by_number_or_text():
    for chosen in (2, "2"):
        page = rendered("{% options rows chosen %}", rows=[(1, "one"), (2, "two")], chosen=chosen)
        assert page == '<option value="1">one</option><option value="2" selected>two</option>'
    assert "selected" not in rendered("{% options rows chosen %}", rows=[("", "none"), (2, "two")], chosen=None)


def test_dates_and_datetimes_are_formatted():
    at = datetime.datetime(2026, 11, 18, 10, 5, tzinfo=datetime.UTC)
    page = rendered("{% facts rows time=True %}", rows=[{"label": "At", "value": at}, {"label": "Is", "value": SafeString("<b>so</b>")}])
    assert "18 Nov 2026, 10:05 UTC" in page and "<b>so</b>" in page
    assert "18 Nov 2026</time></span>" in rendered("{% cells rows %}", rows=[{"label": "On", "date": at.date()}])
