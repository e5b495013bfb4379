"""What pages show dozens of times: {% icon "name" size="l" label=_("Menu") turn=True %}, {% moment date %}, {% countdown at state %}."""

import datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import format_html
from django.utils.translation import gettext as _

register = template.Library()
SPRITE = "img/icons.svg"


@lru_cache(maxsize=1000, typed=True)  # a text that is marked as safe is another one than the same text that is not
def icon(name, size="", label="", turn=False):
    """The icon as HTML, drawn once for all pages.

    `size` is "", "l" or "xl"; `label` is read aloud where the icon stands alone; `turn`: it turns in an open .more.
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


@register.simple_tag(name="moment")
def moment(date, time=False, relative=False):
    """A date or time as HTML, absolute; `date` is a date, datetime or ISO text, `time` shows the clock too, `relative` writes the rest."""
    beside = " data-relative" if relative else ""
    if isinstance(date, datetime.datetime) and time:
        local = timezone.localtime(date) if timezone.is_aware(date) else date
        return format_html('<time datetime="{}"{}>{}</time>', local.isoformat(), beside, f"{_day(local)}, {local:%H:%M}")
    if isinstance(date, datetime.date):
        local = timezone.localtime(date) if isinstance(date, datetime.datetime) and timezone.is_aware(date) else date
        return format_html('<time datetime="{}"{}>{}</time>', f"{local:%Y-%m-%d}", beside, _day(local))
    return format_html('<time datetime="{0}" data-format="day"{1}>{0}</time>', date, beside) if date else ""


@register.simple_tag(name="countdown")
def countdown(at, state):
    """The time left until a moment, as HTML; `state` is ok, soon or over."""
    tone = f" countdown-{state}" if state and state != "ok" else ""
    sign = icon("alert", label=_("Overdue")) if state == "over" else icon("clock")
    local = timezone.localtime(at)
    shown = f"{local.day} {str(MONTHS_3[local.month]).title()} {local:%H:%M}"
    html = '<span class="countdown{}">{}<time datetime="{}" data-countdown>{}</time></span>'
    return format_html(html, tone, sign, local.isoformat(), shown)


def _day(date):
    return f"{date.day} {str(MONTHS_3[date.month]).title()} {date.year}"
