"""Tags for what pages often repeat: {% icon "name" size="l" label=_("Menu") turn=True %}, {% moment date %}, {% countdown at state %}."""

import datetime
import re
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from policies.countries import country_title

register = template.Library()
SPRITE = "img/icons.svg"
_WHOLE = re.compile(  # begins with a set of characters: texts without them are passed over quickly
    r"[+−0-9A-Z](?:"
    r"(?<=\+)[0-9]+(?: [0-9X]+)+"  # +49 30 55500100
    r"|(?<=[+−0-9])(?<![\w#].)(?:[0-9,.:]*[0-9])? (?:× \S+|[A-Z]\w{1,12}\b(?: [0-9]{4}\b)?)"  # 5 × Business; 1 March 2027; 09:00 UTC
    r"|(?<=[A-Z])(?<![^\s(].)[A-Z]{1,5}(?:-[A-Z0-9]{1,10}){0,2}-[0-9]+\b"  # INV-DEMO1-016, but nothing inside a URL
    r")"
)
_LONG = re.compile(r"\S{25}")


@lru_cache(maxsize=1000, typed=True)  # typed: safe and unsafe strings differ
def icon(name, size="", label="", turn=False):
    """Return the icon as HTML, cached across pages.

    `size` is "", "l", "xl" or "prio" (critical); `label` is for screen readers if there is no text; `turn`: it turns in an open .more.
    """
    classes = " ".join(filter(None, ["icon", size and f"icon-{size}", "icon-turn" if turn else ""]))
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>', classes, label, static(SPRITE), name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static(SPRITE), name)


class IconNode(template.Node):
    """An icon."""

    def __init__(self, name, options):
        self.name, self.options = name, options

    def render(self, context):
        return icon(self.name.resolve(context), **{key: value.resolve(context) for key, value in self.options.items()})


@register.tag("icon")
def compile_icon(parser, token):
    """{% icon name [size="l"] [label=…] [turn=True] %}"""
    _tag, name, *words = token.split_contents()
    options = dict(word.split("=", 1) for word in words)
    if unknown := options.keys() - {"size", "label", "turn"}:
        raise template.TemplateSyntaxError(f"An icon has no {', '.join(sorted(unknown))}.")
    return IconNode(parser.compile_filter(name), {key: parser.compile_filter(value) for key, value in options.items()})


@register.filter
def is_day(value):
    """Return whether {% moment %} can draw it: a date or datetime."""
    return isinstance(value, datetime.date)


@register.simple_tag(name="moment")
def moment(date, time=False, relative=False):
    """Return a date or time as HTML; `date` is a date, datetime or ISO text, `time` adds the time of day, `relative` adds the time since.

    A datetime is shown in UTC until the browser converts it to the reader's time zone; a date has no time zone.
    """
    beside = " data-relative" if relative else ""
    if isinstance(date, datetime.date):
        local = _local(date)
        if isinstance(date, datetime.datetime):
            shown, kind = (f"{_day(local)}, {local:%H:%M} UTC", "data-clock") if time else (_day(local), 'data-format="day"')
            return SafeString(f'<time datetime="{local.isoformat()}" {kind}{beside}>{shown}</time>')
        return SafeString(f'<time datetime="{local:%Y-%m-%d}"{beside}>{_day(local)}</time>')
    return format_html('<time datetime="{0}" data-format="day"{1}>{0}</time>', date, SafeString(beside)) if date else ""


register.filter("country", country_title)


@register.filter
def unbroken(text):
    """Return a text as HTML in which phone numbers, amounts, days and numbers of documents do not wrap."""
    if not isinstance(text, str):
        return text
    return SafeString(_WHOLE.sub(r'<span class="unbroken">\g<0></span>', conditional_escape(text)))


@register.filter
def breakable(text):
    """Return a text as HTML: like `unbroken`, but a word of more than 24 characters may wrap, so that no column is as wide as it."""
    if not _LONG.search(text):
        return unbroken(text)
    words = ([word[at : at + 12] for at in range(0, len(word), 12)] if _LONG.match(word) else [word] for word in text.split(" "))
    return SafeString(" ".join("<wbr>".join(map(escape, parts)) for parts in words))


@register.filter
def unbroken_text(text):
    """Return the same as a text with no-break spaces, for attributes that a script shows."""
    return _WHOLE.sub(lambda match: match[0].replace(" ", "\u00a0"), text)


@register.filter
def field_errors(field):
    """Yield the errors of a bound field for the form's summary: {anchor, label, text}; those of rows link to their own inputs."""
    whole = field.id_for_label or field.auto_id
    for error in field.errors.as_data():
        if at := getattr(error, "at", None):
            yield {"anchor": f"{field.auto_id}{at[0]}", "label": at[1], "text": at[2]}
        else:
            yield from ({"anchor": whole, "label": field.label, "text": message} for message in error.messages)


@register.filter
def captioned(table, caption):
    """Add a caption for screen readers to the admin site's list, whose table has none."""
    heading = format_html('<caption class="visually-hidden">{}</caption>', caption)
    return SafeString(table.replace('<table id="result_list">', f'<table id="result_list">{heading}'))


@register.simple_tag
def accepted_files():
    """Return the file name extensions allowed for attachments, for the `accept` attribute."""
    return ",".join(f".{ending}" for endings in settings.ATTACHMENT_TYPES.values() for ending in endings)


@register.simple_tag
def file_limits():
    """Return the limits that are checked before an upload as attributes: bytes per file, files per message, and their total bytes."""
    most, together = settings.ATTACHMENTS_OF_MESSAGE
    return format_html('data-each="{}" data-most="{}" data-together="{}"', settings.ATTACHMENT_MAX_BYTES, most, together)


@register.simple_tag(name="countdown")
def countdown(at, state):
    """Return the time left until a moment as HTML; `state` is ok, soon or over."""
    tone = f" countdown-{state}" if state in ("soon", "over") else ""
    sign = icon("alert", label=_("Overdue")) if state == "over" else icon("clock")
    return SafeString(f'<span class="countdown{tone}">{sign}{time_left(_local(at), state)}</span>')


@register.simple_tag
def due(at):
    """Return a due time as HTML: day and time of day, to which the browser adds the time left."""
    local = _local(at)
    words = f'data-due="{escape(_("in …"))}" data-past="{escape(_("… ago"))}"'
    return SafeString(f'<time datetime="{local.isoformat()}" {words}>{_weekday(local)} {day_of(local)}, {local:%H:%M} UTC</time>')


def time_left(local, state):
    """Return a local datetime as HTML that the browser turns into the time left, or the time overdue if `state` is over."""
    late = f' data-late="{escape(_("… late"))}"' if state == "over" else ""
    return f'<time datetime="{local.isoformat()}" data-countdown{late}>{day_of(local)} {local:%H:%M}</time>'


def _local(date):
    return timezone.localtime(date) if isinstance(date, datetime.datetime) and timezone.is_aware(date) else date


def _day(date):
    return f"{day_of(date)} {date.year}"


def _weekday(date):
    return escape(str(WEEKDAYS_ABBR[date.weekday()]))


def day_of(date):
    """Return a day without its year as HTML: 26 Nov."""
    return f"{date.day} {_month(date.month, get_language())}"


@cache
def _month(number, language):
    """Return the short name of a month in this language, which must be the active one, as HTML."""
    return escape(str(MONTHS_3[number]).title())
