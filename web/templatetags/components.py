"""Repeated parts of pages, rendered in Python because template tags are slow (docs/decisions/0344).

{% options rows chosen %}, {% facts rows %}, {% cells row %} …: all texts passed in are escaped.
"""

from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from web.templatetags.careline import breakable, is_day, moment, unbroken
from web.templatetags.careline import icon as draw_icon

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
    """Return the options of a select as HTML from `rows` of (value, label); the one with the value `chosen`, if any, is selected."""
    picked = str(chosen)
    drawn = [(escape(str(value)), " selected" if str(value) == picked else "", escape(str(label))) for value, label in rows]
    return SafeString("".join(OPTION.format(*words) for words in drawn))


@register.simple_tag
def copy(text, what=""):
    """Return a button that copies `text` (a number without spaces); `what` names it in the button's label."""
    label = _("Copy %(what)s") % {"what": what or text}
    return SafeString(COPY.format(escape(str(text)), escape(_("Copied")), escape(label), draw_icon("copy")))


@register.simple_tag
def did(display, number, url=""):
    """Return a phone number grouped for reading (`display`) with a button that copies it without spaces (`number`); `url` is its page."""
    shown = escape(str(display))
    return SafeString(DID.format(LINK.format(escape(str(url)), shown) if url else shown, copy(number, display)))


@register.simple_tag
def badge(text, tone="", icon=""):
    """Return a small label; `tone`: info, ok, warn, bad or none; `icon`: the name of an icon."""
    return SafeString(BADGE.format(f" chip-{escape(tone)}" if tone else "", draw_icon(icon) if icon else "", escape(capfirst(str(text)))))


@register.simple_tag
def links(rows):
    """Return a series of links from rows of {label, url}."""
    return SafeString("".join(LINK.format(escape(row["url"]), escape(str(row["label"]))) for row in rows))


@register.simple_tag
def tabs(rows, label):
    """Return tabs that are links, from rows of {label, url, active, count}; `label` describes what they switch."""
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
    """Return rows of (code, title) as list items; with a `page`, codes link to their place on it, as of the day `on`."""
    item, day = (CODE_OF_PAGE, escape(f"{page}?on={on}")) if page else (CODE, "")
    return SafeString("".join(item.format(escape(code), escape(str(title)), page=day) for code, title in rows))


@register.simple_tag
def facts(rows, time=False):
    """Return rows of {label, value} as terms and descriptions; a date or datetime is drawn by {% moment %}, with `time` its time of day."""
    shown = [(row["label"], moment(row["value"], time) if is_day(row["value"]) else _shown(row["value"])) for row in rows]
    return SafeString("".join(FACT.format(escape(str(label)), value) for label, value in shown))


@register.simple_tag
def cells(row):
    """Return the cells of a table row after the first: {label} with a badge of {text, tone, icon}, or {date} or {text} with a {note}."""
    return SafeString("".join(CELL.format(escape(str(cell["label"])), _inside(cell)) for cell in row))


def _shown(value):
    return unbroken(value) if type(value) is str else conditional_escape(value)  # never within markup


def _inside(cell):
    if cell.get("tone") or cell.get("icon"):
        return badge(cell.get("text", ""), cell.get("tone"), cell.get("icon"))
    shown = moment(cell["date"]) if cell.get("date") else breakable(str(cell.get("text", "")))
    return TEXT.format(shown, NOTE.format(breakable(str(cell["note"]))) if cell.get("note") else "")
