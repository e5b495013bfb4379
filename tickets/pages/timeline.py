"""The timeline as pages show it: messages with their author, everything else as one line each."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.models import Confirmation, Event
from tickets.services.dossier import files_of
from tickets.types import kind_of

K = Event.Kind
_SAID = {K.MESSAGE: "message", K.QUESTION: "message", K.ANSWERED: "message", K.NOTE: "note"}
_TITLES = {
    K.SUBMITTED: _("sent the request"),
    K.EXECUTION_REQUESTED: _("had it carried out"),
    K.WITHDRAWN: _("withdrew the request"),
    K.REOPENED: _("reopened the ticket"),
    K.ATTACHED: _("attached a file"),
    K.REFUSED: _("The execution was stopped"),
    K.FAILED: _("The execution failed"),
    K.SOLVED: _("solved the ticket"),
}


def read(ticket, *, user):
    """The events of a whole ticket (services.dossier), oldest first, as dicts for components/event.html.

    That a charge is due is told until it is posted.
    """
    events = [event for event in ticket.events.all() if user.is_care or not event.is_internal]
    files = files_of(ticket, for_staff=user.is_care)
    kind = kind_of(ticket)
    stations = {(K.STEP, code): str(title) for code, title in kind.taken.items()}
    stations |= {
        (milestone.kind, milestone.step): str(milestone.title) for milestone in kind.track(ticket) if milestone.step not in kind.taken
    }
    posted = {event.data["title"] for event in events if event.kind == K.POSTED}
    told = [event for event in events if event.kind != K.CHARGE_DUE or event.data["title"] not in posted]
    return [_entry(event, user, stations, files.get(event.pk, ())) for event in told]


def _entry(event, user, stations, files):
    entry = {
        "id": event.pk,
        "kind": _SAID.get(event.kind, "change"),
        "author": str(event.actor) if event.actor else "",
        "initials": initials(event.actor),
        "is_staff": bool(event.actor and event.actor.is_care),
        "role": _("asks you") if event.kind == K.QUESTION and not user.is_care else "",
        "at": event.at,
        "text": event.body,
        "title": _TITLES.get(event.kind, ""),
        "attachments": [file_row(attachment) for attachment in files],
    }
    data = event.data
    if event.kind == K.SUBMITTED and event.body:
        entry["kind"] = "message"
    elif event.kind == K.ANSWERED and not event.actor:  # a type that answered itself
        entry |= {"author": _("Careline"), "initials": "C", "is_staff": True}
    elif event.kind == K.STATUS and "field" in data:
        labels = {"status": _("Status"), "priority": _("Priority")}
        entry["changes"] = [{"label": labels.get(data["field"], data["field"]), "old": data["old"], "new": data["new"]}]
    elif event.kind == K.ASSIGNED and "reason" in data:
        entry["title"] = _("Given to %(name)s, whose turn it was") % {"name": data["to"]}
    elif event.kind == K.ASSIGNED:
        entry["title"] = _("assigned this to %(name)s") % {"name": data["to"]} if data["to"] else _("left this without an owner")
    elif event.kind in (K.APPLIED, K.STEP):
        entry |= {"station": True, "title": stations.get((event.kind, data.get("step", "")), str(event.get_kind_display()))}
    elif event.kind == K.OVERRIDDEN:
        entry["title"] = _("set the rule %(rule)s aside") % {"rule": data["rule"]}
    elif event.kind == K.REJECTED:
        entry["title"] = _("did not grant the request")
    elif event.kind == K.CONFIRMATION:
        entry |= {"kind": "consent", "title": _consent(data)}
    elif event.kind in (K.CHARGE_DUE, K.POSTED):
        entry |= {"kind": "money", "title": _money(event.kind, data, user), "amount": data["amount"], "currency": data["currency"]}
    return entry


def _money(kind, data, user):
    if user.partner and user.partner.code == data["payer"]:
        text = _("%(title)s is due") if kind == K.CHARGE_DUE else _("%(title)s was posted to your account")
    else:
        text = _("%(title)s is due from %(payer)s") if kind == K.CHARGE_DUE else _("%(title)s was posted to the account of %(payer)s")
    return text % data


def _consent(data):
    party = Confirmation.Party(data["party"]).label
    if data["decision"] == Confirmation.Decision.AGREED:
        text = _("%(party)s agreed by signed letter (%(name)s)") if data.get("letter") else _("%(party)s agreed (%(name)s)")
    elif data["decision"] == Confirmation.Decision.DECLINED:
        text = _("%(party)s declined (%(name)s)")
    else:
        text = _("mailed %(party)s a new link")
    return text % {"party": party, "name": data["name"]}


def initials(person):
    """Two letters for an avatar."""
    return "".join(word[0] for word in str(person).split()[:2]).upper() if person else ""


def file_row(attachment):
    """An attachment for components/file.html."""
    return {"name": attachment.name, "size": attachment.size, "url": reverse("attachment", args=[attachment.pk])}
