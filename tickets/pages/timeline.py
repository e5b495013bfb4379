"""The timeline for display: messages with their author, everything else as one line each."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets import preview_renderer
from tickets.consents import names_of
from tickets.fields.words import changes, truncated
from tickets.models import Confirmation, Event
from tickets.pages.rows import role
from tickets.services import history
from tickets.types import kind_of
from web.sparse import Sparse

K = Event.Kind
_MESSAGES = {K.MESSAGE: "message", K.QUESTION: "message", K.ANSWERED: "message", K.NOTE: "note"}
_TITLES = {
    K.SUBMITTED: gettext_lazy("submitted the request"),
    K.EXECUTION_REQUESTED: gettext_lazy("started the execution"),
    K.WITHDRAWN: gettext_lazy("withdrew the request"),
    K.REOPENED: gettext_lazy("reopened the request"),
    K.ATTACHED: gettext_lazy("attached a file"),
    K.REFUSED: gettext_lazy("The execution was stopped"),
    K.FAILED: gettext_lazy("The execution failed"),
    K.SOLVED: gettext_lazy("solved the ticket"),
}
_FIELDS = {
    "priority": gettext_lazy("changed the priority:"),
    "status": gettext_lazy("changed the status:"),
    "tags": gettext_lazy("changed the tags:"),
}
_LINKED = {
    "related": gettext_lazy("linked this to #%(number)s"),
    "unlinked": gettext_lazy("removed the link to #%(number)s"),
    "merged": gettext_lazy("merged this into #%(number)s"),
    "merged_here": gettext_lazy("merged #%(number)s into this"),
    "unmerged": gettext_lazy("unmerged this from #%(number)s"),
    "unmerged_here": gettext_lazy("unmerged #%(number)s from this"),
    "split": gettext_lazy("split #%(number)s from this"),
    "split_from": gettext_lazy("split this from #%(number)s"),
    "followed_up": gettext_lazy("continued in #%(number)s"),
    "follow_up": gettext_lazy("opened this to follow up on #%(number)s"),
}
# Partners see requests; merging and splitting are terms of the desk.
_LINKED_FOR_PARTNERS = _LINKED | {
    "merged": gettext_lazy("combined this with #%(number)s"),
    "merged_here": gettext_lazy("combined #%(number)s with this"),
    "unmerged": gettext_lazy("separated this from #%(number)s"),
    "unmerged_here": gettext_lazy("separated #%(number)s from this"),
    "split": gettext_lazy("opened #%(number)s for part of this"),
    "split_from": gettext_lazy("opened this for part of #%(number)s"),
}


def read(ticket, *, user, since=0):
    """Return the context of components/timeline.html: a whole ticket's (services.dossier) newest events, or all from the key `since` on.

    Events are oldest first. A due charge is shown until it is posted. `earlier` describes the events before these: how many there are, and
    the key with which the next batch begins.
    """
    events = [event for event in ticket.events.all() if user.is_care or not event.is_internal]
    if ticket.merged_numbers:
        events = sorted([*events, *history.merged_conversation(ticket, for_staff=user.is_care)], key=lambda event: (event.at, event.pk))
    kept = history.files(ticket, events).items()
    files = {key: [file for file in found if user.is_care or not file.is_internal] for key, found in kept}
    keys = [event.pk for event in events]
    begins = keys.index(since) if since in keys else max(0, len(events) - history.NEWEST)
    first = max(0, begins - history.NEWEST)
    return {
        "events": entries(ticket, events[begins:], user=user, files=files, landmarks=events),
        "first_event": keys[begins] if keys else 0,
        "earlier": {"count": begins, "step": begins - first, "since": keys[first], "first": keys[0]} if begins else None,
    }


def entries(ticket, events, *, user, files, landmarks=None):
    """Return some of a ticket's events as dicts; `landmarks` are the events that show what was posted, `files` comes from history.files."""
    kind = kind_of(ticket)
    stations = {(K.STEP, code): str(title) for code, title in kind.step_titles.items()}
    stations |= {
        (milestone.kind, milestone.step): str(milestone.title) for milestone in kind.track(ticket) if milestone.step not in kind.step_titles
    }
    posted = {event.data["title"] for event in (events if landmarks is None else landmarks) if event.kind == K.POSTED}
    visible = [event for event in events if event.kind != K.CHARGE_DUE or event.data["title"] not in posted]
    names = names_of(ticket) if any(event.kind in (K.CHARGE_DUE, K.POSTED) for event in visible) else {}
    shown = [Sparse(_entry(event, user, stations, files.get(event.pk, ()), names)) for event in visible]
    for event, entry in zip(visible, shown, strict=True):
        if event.ticket_id != ticket.pk:
            entry["of"] = event.ticket_id
        if event.kind == K.CONFIRMATION:
            entry["title"] = _consent(event.data, kind)
        if event.corrections:
            entry |= {"title": _("corrected the request:"), "changes": _corrections(event, kind.form.base_fields), "text": ""}
    return shown


def _corrections(event, fields):
    """Return the corrections for display; long values are shortened to their beginning."""
    known = [one for one in event.corrections if one["field"] in fields]
    told = [change for one in known for change in changes(fields[one["field"]], *one.get("called", (one["old"], one["new"])))]
    return [{"label": label, "old": truncated(old), "new": truncated(new)} for label, old, new in told]


def _entry(event, user, stations, files, names):
    entry = {
        "id": event.pk,
        "kind": _MESSAGES.get(event.kind, "change"),
        "author": str(event.actor) if event.actor else "",
        "initials": event.actor.initials if event.actor else "",
        "is_staff": bool(event.actor and event.actor.is_care),
        "role": _("asks you") if event.kind == K.QUESTION and not user.is_care else "",
        "by_mail": "by_mail" in event.data,
        "at": event.at,
        "text": event.body,
        "title": _TITLES.get(event.kind, ""),
        "attachments": [file_row(attachment) for attachment in files],
    }
    if event.kind == K.SUBMITTED and entry["is_staff"]:
        if user.is_care:
            entry |= {"role": _("for the partner"), "title": _("submitted the request for the partner")}
        else:
            entry |= {"role": _("for you"), "title": _("submitted the request for you")}
    if event.kind == K.SUBMITTED and event.body:
        return entry | {"kind": "message"}
    if not event.actor and "automation" in event.data and user.is_care:
        entry |= {"author": event.data.get("by", ""), "initials": "A", "is_staff": True}
    elif not event.actor and event.kind in _MESSAGES:  # a type that is answered automatically, or an automation
        return entry | {"author": _("Careline"), "initials": "C", "is_staff": True}
    if event.kind in (K.APPLIED, K.STEP):
        station = stations.get((event.kind, event.data.get("step", "")), str(event.get_kind_display()))
        return entry | {"station": True, "title": station}
    if event.kind in (K.CHARGE_DUE, K.POSTED):
        return entry | _money(event.kind, event.data, user, names)
    if not entry["author"] and event.data.get("field") == "snoozed_until":
        return entry | {"title": _("The snooze has ended")}
    if event.kind == K.ASSIGNED and event.actor and event.data["to"] == entry["author"]:
        return entry | {"title": _("took this")}
    if event.kind == K.WITHDRAWN and entry["is_staff"]:
        return entry | {"title": _("withdrew the request for the partner") if user.is_care else _("withdrew the request for you")}
    if event.kind == K.LINKED:
        linked = _LINKED if user.is_care else _LINKED_FOR_PARTNERS
        return entry | {"title": linked[event.data["how"]] % {"number": event.data["other"]}}
    return entry | (_DETAILS[event.kind](event.data) if event.kind in _DETAILS else {})


def _assigned(data):
    if "reason" in data:
        return {"title": _("Assigned automatically to %(name)s") % {"name": data["to"]}}
    if "left" in data:
        return {"title": _("%(name)s no longer has access, so this has no owner now") % {"name": data["left"]}}
    return {"title": _("assigned this to %(name)s") % {"name": data["to"]} if data["to"] else _("removed the assignee")}


def _changed(data):
    if "field" not in data:
        return {}
    if data["field"] == "snoozed_until":
        return {"title": _("snoozed this until %(until)s") % {"until": data["new"]} if data["new"] else _("ended the snooze")}
    return {"changes": [{"label": _FIELDS.get(data["field"], data["field"]), "old": data.get("old", ""), "new": data.get("new", "")}]}


def _followed(data):
    if whom := data.get("instead_of"):
        text = _("%(name)s gets the updates now, because %(whom)s no longer has access")
        return {"title": text % {"name": data["new"], "whom": whom}}
    text = _("added %(name)s as a follower") if data.get("new") else _("removed %(name)s as a follower")
    return {"title": text % {"name": data.get("new") or data.get("old")}}


_DETAILS = {
    K.ASSIGNED: _assigned,
    K.STATUS: _changed,
    K.FOLLOWED: _followed,
    K.OVERRIDDEN: lambda data: {"title": _("set rule %(rule)s aside") % {"rule": data["rule"]}},
    K.REJECTED: lambda data: {"title": _("rejected the request")},
    K.RATED: lambda data: {"title": _("said this helped") if data["satisfied"] else _("said this did not help")},
    K.CONFIRMATION: lambda data: {"kind": "consent"},
}


def _money(kind, data, user, names):
    own = bool(user.partner and user.partner.code == data["payer"])
    data = data | {"payer": names.get(data["payer"], data["payer"])}
    if data.get("credit"):
        text = _CREDITED[kind, own]
    elif own:
        text = _("Due: %(title)s") if kind == K.CHARGE_DUE else _("Posted to your account: %(title)s")
    else:
        text = _("Due from %(payer)s: %(title)s") if kind == K.CHARGE_DUE else _("Posted to the account of %(payer)s: %(title)s")
    return {"kind": "money", "title": text % data, "amount": data["amount"], "currency": data["currency"]}


_CREDITED = {
    (K.CHARGE_DUE, True): gettext_lazy("To be credited to you: %(title)s"),
    (K.CHARGE_DUE, False): gettext_lazy("To be credited to %(payer)s: %(title)s"),
    (K.POSTED, True): gettext_lazy("Credited to your account: %(title)s"),
    (K.POSTED, False): gettext_lazy("Credited to the account of %(payer)s: %(title)s"),
}


def _consent(data, kind):
    if "overtaken" in data:
        return _("The parties are no longer asked to agree")
    party = role(data["party"], kind)
    if data["decision"] == Confirmation.Decision.AGREED:
        text = _("added a signed letter: %(party)s agreed (%(name)s)") if data.get("letter") else _("%(party)s agreed (%(name)s)")
    elif data["decision"] == Confirmation.Decision.DECLINED:
        text = _("%(party)s declined (%(name)s)")
    elif "stopped" in data:
        text = _("e-mailed a new link to %(asked_at)s in place of %(stopped)s: %(party)s")
        text = text if data["stopped"] and data["asked_at"] else _STOPPED[bool(data["stopped"])]
    else:
        text = _("%(party)s requested a new link by e-mail") if data.get("by_party") else _("e-mailed a new link: %(party)s")
    return text % (data | {"party": party})


_STOPPED = {
    True: gettext_lazy("stopped the link sent to %(stopped)s: %(party)s"),
    False: gettext_lazy("e-mailed a link to %(asked_at)s: %(party)s"),
}


def file_row(attachment):
    """Return an attachment for components/file.html."""
    url = reverse("attachment", args=[attachment.pk])
    return {
        "name": attachment.name,
        "size": attachment.size,
        "url": url,
        "pages": [f"{url}preview/?page={number}" for number in range(1, (attachment.preview_pages or 0) + 1)],
        "more": attachment.preview_pages == preview_renderer.PAGES,
        "text": attachment.preview_text,
        "row_url": f"{url}row/" if attachment.preview_pages is None else "",
    }
