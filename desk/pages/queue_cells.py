"""The cells of a queue row as HTML, rendered in Python: a page has hundreds of them, and template tags are too slow for that.

Every text is escaped by `_e` or `unbroken` where it is inserted, whoever wrote it; `rendered` marks the result as safe once.
"""

from html import escape

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from web.templatetags.careline import day_of, icon, time_left, unbroken


def rendered(row, columns):
    """Return the cells of one row (desk/pages/rows.py) for these columns, preceded by the checkbox."""
    return SafeString(TICK.format(n=row["number"]) + "".join(CELLS[key](row, columns) for key in columns if key in CELLS))


def _e(text):
    return escape(str(text))


TICK = '<td class="c-check"><label><input type="checkbox" name="numbers" value="{n}" form="bulk" aria-label="#{n}"></label></td>'
SUBJECT = (
    '<td class="subject" role="rowheader"><div class="subject-in">{icon}<span class="clip"><a href="{url}">{critical}{subject}</a></span>'
    '<button type="button" class="peek" aria-label="{peek} #{number}">{look}</button></div><span class="snippet clip">{snippet}</span></td>'
)
NUMBER = '<span class="in-number">#{} · </span>'  # shown where there is no room for the column
CRITICAL = '<span class="visually-hidden">{} </span>'
SNOOZED = '<span class="chip chip-s">{}{}</span> '
PARTNER = '<td class="c-partner"><span class="clip">{}</span><span class="clip sub">{}</span></td>'
STATE = '<td class="c-status"><span class="chip{}">{}{}</span>{}</td>'
AWAITED = '<span class="clip sub">{}</span>'  # shown if there is no column for it
FEE = '<span class="money">{} <span class="cur">{}</span></span>'
DUE = '<td class="c-due"><span class="countdown countdown-{}">{}</span></td>'
DAY = '<td class="c-{} sub"><time datetime="{}" data-countdown>{}</time></td>'
OWNER = '<td class="c-owner"><span class="{}" title="{name}" aria-hidden="true">{}</span><span class="visually-hidden">{name}</span></td>'


def _subject(row, columns):
    return SUBJECT.format(
        icon=icon("alert", "prio") if row["priority"] else icon(row["icon"]),
        url=_e(row["url"]),
        critical=CRITICAL.format(_e(_("Critical:"))) if row["priority"] else "",
        subject=unbroken(row["subject"]),
        peek=_e(_("Preview")),
        number=row["number"],
        look=icon("search"),
        snippet=(SNOOZED.format(icon("moon"), _e(_("until %(when)s") % {"when": row["snoozed"]})) if row["snoozed"] else "")
        + (NUMBER.format(row["number"]) if "number" in columns else "")
        + _snippet(row),
    )


def _snippet(row):
    """Return the search hit in context, else the last message, else the type."""
    if row.get("found"):
        return "".join(f"<mark>{_e(part)}</mark>" if is_marked else _e(part) for part, is_marked in row["found"])
    if row["last"]:
        return unbroken(row["last"])
    return _e(row["type_title"])


def _state(row, columns):
    tone, picture, words = row["state"]
    awaited = row["waiting"] and "waiting" not in columns
    whom = AWAITED.format(_e(_("for %(whom)s") % {"whom": row["waiting"]})) if awaited else ""
    return STATE.format(f" chip-{tone}" if tone else "", icon(picture), _e(words), whom)


def _fee(row, columns):
    sums = (row["fee"] or {}).items()
    shown = [FEE.format(f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}", _e(code)) for code, amount in sums]
    return f'<td class="c-fee">{", ".join(shown)}</td>'


def _due(row, columns):
    if not row["due"]:
        return '<td class="c-due"></td>'
    return DUE.format(row["due"], time_left(row["due_at"], row["due"]))


def _day(key):
    return lambda row, columns: DAY.format(key, row[f"{key}_at"].isoformat(), day_of(row[f"{key}_at"]))


def _owner(row, columns):
    if row["owner"]:
        return OWNER.format("avatar avatar-staff", _e(row["owner_initials"]), name=_e(row["owner"]))
    return OWNER.format("faint", "–", name=_e(_("Unassigned")))


CELLS = {
    "number": lambda row, columns: f'<td class="c-number sub">{row["number"]}</td>',
    "subject": _subject,
    "partner": lambda row, columns: PARTNER.format(_e(row["partner"]), _e(row["code"])),
    "type": lambda row, columns: f'<td class="c-type"><span class="clip">{_e(row["type_title"])}</span></td>',
    "status": _state,
    "waiting": lambda row, columns: f'<td class="c-waiting">{_e(capfirst(row["waiting"]))}</td>',
    "tags": lambda row, columns: '<td class="c-tags">' + " ".join(f'<span class="tag">{_e(tag)}</span>' for tag in row["tags"]) + "</td>",
    "fee": _fee,
    "due": _due,
    "created": _day("created"),
    "updated": _day("updated"),
    "owner": _owner,
}
