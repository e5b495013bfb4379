"""The cells of a queue row as HTML. They are drawn here and not by a template: a page has hundreds, and each place in a template costs.

Whatever people wrote goes through format_html, which escapes it.
"""

from functools import cache

from django.template.defaultfilters import date as date_in_words
from django.templatetags.static import static
from django.utils.dates import MONTHS_3
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _


def drawn(row, columns):
    """The cells of one row (desk/pages/rows.py) under these columns, with the box to tick before them."""
    tick = format_html(TICK, n=row["number"])
    cells = [tick, *(CELLS[key](row, columns) for key in columns if key in CELLS)]
    return format_html("{}" * len(cells), *cells)


@cache
def _icon(name, classes="icon"):
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("img/icons.svg"), name)


TICK = '<td class="c-check"><input type="checkbox" name="numbers" value="{n}" form="bulk" aria-label="#{n}"></td>'
SUBJECT = (
    '<td class="subject"><div class="subject-in">{icon}<span class="clip"><a href="{url}">{critical}{subject}</a></span>'
    '<button type="button" class="peek" aria-label="{peek} #{number}">{look}</button></div><span class="snippet clip">{snippet}</span></td>'
)
NOTHING = '<td class="c-{}"></td>'
CRITICAL = '<span class="visually-hidden">{} </span>'
PARTNER = '<td class="c-partner"><span class="clip">{}</span><span class="clip sub">{}</span></td>'
STATE = '<td class="c-status"><span class="chip{}">{}{}</span></td>'
FEE = '<td class="c-fee"><span class="money">{} <span class="cur">{}</span></span></td>'
DUE = '<td class="c-due"><span class="countdown countdown-{}"><time datetime="{}" data-countdown>{}</time></span></td>'
DAY = '<td class="c-{} sub"><time datetime="{}" data-countdown>{}</time></td>'
OWNER = '<td class="c-owner"><span class="avatar avatar-staff" title="{}">{}</span></td>'


def _subject(row, columns):
    return format_html(
        SUBJECT,
        icon=_icon("alert", "icon prio") if row["priority"] else _icon(row["icon"]),
        url=row["url"],
        critical=format_html(CRITICAL, _("Critical:")) if row["priority"] else "",
        subject=row["subject"],
        peek=_("Preview"),
        number=row["number"],
        look=_icon("search"),
        snippet=_snippet(row, columns),
    )


def _snippet(row, columns):
    """Where the words that were looked for stand, else what was said last, else what it is and whom it waits for."""
    if row.get("found"):
        return format_html_join("", "{}", ((format_html("<mark>{}</mark>", part) if marked else part,) for part, marked in row["found"]))
    if row["last"]:
        return row["last"]
    return f"{row['type_title']} · {row['waiting']}" if row["waiting"] and "waiting" not in columns else row["type_title"]


def _state(row, columns):
    tone, icon, words = row["state"]
    return format_html(STATE, f" chip-{tone}" if tone else "", _icon(icon), words)


def _fee(row, columns):
    amount = row["fee_amount"]
    if not amount:
        return format_html(NOTHING, "fee")
    return format_html(FEE, f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}", row["fee_currency"])


def _due(row, columns):
    if not row["due"]:
        return format_html(NOTHING, "due")
    return format_html(DUE, row["due"], row["due_at"].isoformat(), date_in_words(row["due_at"], "j M H:i"))


def _day(key):
    def cell(row, columns):
        at = row[f"{key}_at"]
        return format_html(DAY, key, at.isoformat(), f"{at.day} {MONTHS_3[at.month].title()}")

    return cell


def _owner(row, columns):
    if not row["owner"]:
        return format_html('<td class="c-owner"><span class="faint" title="{}">–</span></td>', _("Nobody yet"))
    return format_html(OWNER, row["owner"], row["owner_initials"])


def _tags(row, columns):
    return format_html('<td class="c-tags">{}</td>', format_html_join(" ", '<span class="tag">{}</span>', ((tag,) for tag in row["tags"])))


CELLS = {
    "number": lambda row, columns: format_html('<td class="c-number sub">{}</td>', row["number"]),
    "subject": _subject,
    "partner": lambda row, columns: format_html(PARTNER, row["partner"], row["code"]),
    "type": lambda row, columns: format_html('<td class="c-type"><span class="clip">{}</span></td>', row["type_title"]),
    "status": _state,
    "waiting": lambda row, columns: format_html('<td class="c-waiting">{}</td>', capfirst(row["waiting"])),
    "tags": _tags,
    "fee": _fee,
    "due": _due,
    "created": _day("created"),
    "updated": _day("updated"),
    "owner": _owner,
}
