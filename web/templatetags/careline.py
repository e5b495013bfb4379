"""What pages show dozens of times: {% icon "name" size="l" label=_("Menu") turn=True %}, {% moment date %}, {% countdown at state %}."""

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
_WHOLE = re.compile(r"\+[0-9]+(?: [0-9X]+)+|[0-9]+ × \S+")


@lru_cache(maxsize=1000, typed=True)  # a text that is marked as safe is another one than the same text that is not
def icon(name, size="", label="", turn=False):
    """The icon as HTML, drawn once for all pages.

    `size` is "", "l", "xl" or "prio" (critical); `label` is read aloud where the icon stands alone; `turn`: it turns in an open .more.
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
    """Whether it is a date or datetime, which {% moment %} draws."""
    return isinstance(value, datetime.date)


@register.simple_tag(name="moment")
def moment(date, time=False, relative=False):
    """A date or time as HTML, absolute; `date` is a date, datetime or ISO text, `time` shows the clock too, `relative` writes the rest.

    A clock, and the day of a moment, is in UTC, and in the reader's own zone as soon as the browser has the page; a date is no moment.
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
    """A text as HTML in which no phone number, grouped for reading, breaks at the end of a line, nor "5 × Business"."""
    if not isinstance(text, str):
        return text
    shown = conditional_escape(text)
    return SafeString(_WHOLE.sub(r'<span class="unbroken">\g<0></span>', shown)) if "+" in shown or "×" in shown else shown


@register.filter
def told(field):
    """The errors of a bound field for the summary of its form: {anchor, label, text}; of rows each leads to its own input."""
    whole = field.id_for_label or field.auto_id
    for error in field.errors.as_data():
        if at := getattr(error, "at", None):
            yield {"anchor": f"{field.auto_id}{at[0]}", "label": at[1], "text": at[2]}
        else:
            yield from ({"anchor": whole, "label": field.label, "text": message} for message in error.messages)


@register.filter
def captioned(table, caption):
    """The list of the admin site, whose table has no name, with one that is read aloud."""
    heading = format_html('<caption class="visually-hidden">{}</caption>', caption)
    return SafeString(table.replace('<table id="result_list">', f'<table id="result_list">{heading}'))


@register.simple_tag
def accepted_files():
    """The endings of names that attachments may have, as an `accept` has them."""
    return ",".join(f".{ending}" for endings in settings.ATTACHMENT_TYPES.values() for ending in endings)


@register.simple_tag
def file_limits():
    """What is checked before files are sent, as attributes: bytes of a file, files of a message, and their bytes together."""
    most, together = settings.ATTACHMENTS_OF_MESSAGE
    return format_html('data-each="{}" data-most="{}" data-together="{}"', settings.ATTACHMENT_MAX_BYTES, most, together)


@register.simple_tag(name="countdown")
def countdown(at, state):
    """The time left until a moment, as HTML; `state` is ok, soon or over."""
    tone = f" countdown-{state}" if state in ("soon", "over") else ""
    sign = icon("alert", label=_("Overdue")) if state == "over" else icon("clock")
    return SafeString(f'<span class="countdown{tone}">{sign}{time_left(_local(at), state)}</span>')


@register.simple_tag
def due(at):
    """A moment by which something is due, as HTML: its day and clock, and the time left until it as soon as the browser has the page."""
    local = _local(at)
    words = f'data-due="{escape(_("in …"))}" data-past="{escape(_("… ago"))}"'
    return SafeString(f'<time datetime="{local.isoformat()}" {words}>{_weekday(local)} {day_of(local)}, {local:%H:%M} UTC</time>')


def time_left(local, state):
    """A local moment as HTML that the page turns into the time left until it, or by how much it is late where `state` is over."""
    late = f' data-late="{escape(_("… late"))}"' if state == "over" else ""
    return f'<time datetime="{local.isoformat()}" data-countdown{late}>{day_of(local)} {local:%H:%M}</time>'


def _local(date):
    return timezone.localtime(date) if isinstance(date, datetime.datetime) and timezone.is_aware(date) else date


def _day(date):
    return f"{day_of(date)} {date.year}"


def _weekday(date):
    return escape(str(WEEKDAYS_ABBR[date.weekday()]))


def day_of(date):
    """The day without its year, as HTML: 26 Nov."""
    return f"{date.day} {_month(date.month, get_language())}"


@cache
def _month(number, language):
    """The short name of a month in this language, which is the active one, as HTML."""
    return escape(str(MONTHS_3[number]).title())
