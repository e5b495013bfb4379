"""Parts of pages that come in rows, drawn in Python, since each place in a template costs (docs/decisions/0344).

{% options rows chosen %}, {% facts rows %}, {% cells row %} …: every text that goes in is escaped at its place.
"""

from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from web.templatetags.careline import icon as draw_icon
from web.templatetags.careline import is_day, moment, unbroken

register = template.Library()
OPTION = '<option value="{}"{}>{}</option>'
COPY = '<button type="button" class="copy" data-copy="{}" data-copied="{}" aria-label="{}">{}</button>'
LINK = '<a href="{}">{}</a>'
DID = '<span class="number">{} {}</span>'
FACT = "<dt>{}</dt><dd>{}</dd>"
CELL, TEXT = '<td data-label="{}">{}</td>', "<span>{}{}</span>"
BADGE, NOTE = '<span class="chip{}">{}{}</span>', '<span class="table-sub">{}</span>'
TABS = '<nav class="tabs" aria-label="{}">{}</nav>'
TAB, COUNT = '<a href="{}"{}>{}{}</a>', ' <span class="count">{}</span>'
CODE, CODE_OF_PAGE = '<li><span class="rule">{}</span> {}</li>', '<li><a class="rule" href="{page}#{0}">{0}</a> {1}</li>'


@register.simple_tag
def options(rows, chosen=None):
    """The options of a select as HTML: `rows` of (value, label), of which the one of the value `chosen`, if any, is selected."""
    picked = str(chosen)
    drawn = [(escape(str(value)), " selected" if str(value) == picked else "", escape(str(label))) for value, label in rows]
    return SafeString("".join(OPTION.format(*words) for words in drawn))


@register.simple_tag
def copy(text, what=""):
    """A button that copies the `text` (a number without spaces); `what` is copied, for its label."""
    label = _("Copy %(what)s") % {"what": what or text}
    return SafeString(COPY.format(escape(str(text)), escape(_("Copied")), escape(label), draw_icon("copy")))


@register.simple_tag
def did(display, number, url=""):
    """A phone number, grouped for reading (`display`), copied without spaces (`number`); `url`: its page, if any."""
    shown = escape(str(display))
    return SafeString(DID.format(LINK.format(escape(str(url)), shown) if url else shown, copy(number, display)))


@register.simple_tag
def badge(text, tone="", icon=""):
    """A small label; `tone`: info, ok, warn, bad or none; `icon`: its name."""
    return SafeString(BADGE.format(f" chip-{escape(tone)}" if tone else "", draw_icon(icon) if icon else "", escape(capfirst(str(text)))))


@register.simple_tag
def links(rows):
    """Links one after the other: rows of {label, url}."""
    return SafeString("".join(LINK.format(escape(row["url"]), escape(str(row["label"]))) for row in rows))


@register.simple_tag
def tabs(rows, label):
    """Tabs that are links: rows of {label, url, active, count}; `label` says what they switch."""
    drawn = [
        TAB.format(
            escape(row["url"]),
            ' aria-current="true"' if row.get("active") else "",
            escape(str(row["label"])),
            COUNT.format(escape(str(row["count"]))) if row.get("count") else "",
        )
        for row in rows
    ]
    return SafeString(TABS.format(escape(str(label)), " ".join(drawn)))


@register.simple_tag
def codes(rows, page="", on=None):
    """Rows of (code, title) as the items of a list; each code leads to its place on the `page` of the day `on`, where that is given."""
    item, day = (CODE_OF_PAGE, escape(f"{page}?on={on}")) if page else (CODE, "")
    return SafeString("".join(item.format(escape(code), escape(str(title)), page=day) for code, title in rows))


@register.simple_tag
def facts(rows, time=False):
    """Rows of {label, value} as the terms and descriptions of a list; a day or moment is drawn as one, with `time` its clock too."""
    shown = [(row["label"], moment(row["value"], time) if is_day(row["value"]) else conditional_escape(row["value"])) for row in rows]
    return SafeString("".join(FACT.format(escape(str(label)), value) for label, value in shown))


@register.simple_tag
def cells(row):
    """The cells of a row of a table, after its first: {label} with a badge of {text, tone, icon}, or {date} or {text} with a {note}."""
    return SafeString("".join(CELL.format(escape(str(cell["label"])), _inside(cell)) for cell in row))


def _inside(cell):
    if cell.get("tone") or cell.get("icon"):
        return badge(cell.get("text", ""), cell.get("tone"), cell.get("icon"))
    shown = moment(cell["date"]) if cell.get("date") else unbroken(str(cell.get("text", "")))
    return TEXT.format(shown, NOTE.format(escape(str(cell["note"]))) if cell.get("note") else "")
