"""My day: an agent's current work and the team's workload. Every number is the length of the list it links to."""

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.filters import WHATEVER_RUNS, matching, soon
from desk.models import Agent, Draft, Notice
from desk.pages import recently_viewed
from desk.pages.rail import bounded, length
from desk.pages.rows import urgency
from desk.report_filters import end
from partners.models import User
from policies.models import Proposal
from tickets.models import Ticket
from tickets.models.ticket import RUNNING, long_columns
from tickets.services import monitoring

ROWS, TEAM = 6, 200


def queries(today):
    """Return what is counted for an agent: (key, label, queue query)."""
    return (
        ("due", _("Overdue or due today"), f"{WHATEVER_RUNS}&owner=me&due_to={today.isoformat()}"),
        ("answers", _("Awaiting your reply"), "view=mine&awaits=answer"),
        ("parties", _("Awaiting confirmations"), "view=mine&waiting_for=parties"),
        ("stopped", _("Execution stopped"), "view=mine&execution=stopped"),
        ("drafts", _("Your drafts"), "view=all&draft=mine"),
        ("risk", _("Team: overdue or due soon"), "view=soon&order=due"),
    )


def read(request, *, now):
    """Return the context of the page. Eight queries whatever the workload; two more for administrators."""
    today, user = now.date(), request.user
    lists = {key: _listed(request, query, now) for key, _label, query in queries(today)}
    counts, until = _counts(user, lists, today), soon(now)
    due = list(lists["due"].select_related("partner").only(*recently_viewed.SHOWN).order_by("due_at")[:ROWS])
    waiting = lists["answers"].exclude(pk__in=[ticket.pk for ticket in due])  # already listed above and marked as such
    return {
        "today": today,
        "troubles": monitoring.current_problems(at=now) if user.is_staff else [],
        "stats": [
            {
                "label": label,
                "value": bounded(counts[key]),
                "url": f"{reverse('desk:queue')}?{query}",
                "hot": key in ("due", "stopped", "risk") and counts[key] > 0,
            }
            for key, label, query in queries(today)
        ]
        + _approvals(counts),
        "due": [_row(t, t.due_at, urgency(t, now, until)) | {"waits": t.awaiting_since} for t in due],
        "answers": [
            _row(t, t.awaiting_since)
            for t in waiting.select_related("partner").only(*recently_viewed.SHOWN).order_by("awaiting_since")[:ROWS]
        ],
        "more_answers": bool(counts["answers"]),
        "notices": notices(notices_of(user).filter(read_at=None)[:ROWS]),
        "unread": bounded(counts["unread"]),
        "drafts": _drafts(user),
        "viewed": [_row(t, t.updated_at) for t in recently_viewed.tickets(request)],
        "team": _team(request, today),
    }


def _listed(request, query, now):
    return matching(query, user=request.user, now=now).order_by()


def _counts(user, lists, today):
    """Return the lengths of all the lists. One query."""
    counted = lists | {"unread": Notice.objects.filter(user=user, read_at=None).order_by()}
    if user.is_staff:
        counted["approvals"] = Proposal.objects.waiting_for(user, today=today).order_by()
    found = User.objects.filter(pk=user.pk).values(**{f"n_{key}": length(rows) for key, rows in counted.items()}).get()
    return {key: found[f"n_{key}"] for key in counted}


def _approvals(counts):
    """Return the policy values awaiting this administrator's approval, if any; not every installation requires a second person."""
    if not counts.get("approvals"):
        return []
    url = reverse("admin:policies_proposal_changelist")
    return [{"label": _("Awaiting your approval"), "value": bounded(counts["approvals"]), "url": url, "hot": True}]


def _row(ticket, at, state=""):
    return {
        "number": ticket.pk,
        "url": reverse("desk:ticket", args=[ticket.pk]),
        "subject": ticket.subject,
        "partner": ticket.partner.name,
        "status": ticket.status,
        "outcome": ticket.outcome,
        "at": at,
        "state": state,
    }


def notices_of(user):
    """Return a user's notices with their tickets, newest first."""
    return Notice.objects.filter(user=user).select_related("ticket").defer(*long_columns("ticket__"))


def notices(found):
    """Return notices for desk/_notices.html."""
    return [_notice(notice) for notice in found]


def _notice(notice):
    due = _due(notice)
    return {
        "pk": notice.pk,
        "what": str(notice.get_kind_display()),
        "subject": f"#{notice.ticket_id} {notice.ticket.subject}" if notice.ticket else notice.text,
        "url": _place(notice),
        "text": notice.text if notice.ticket and not due else "",
        "due": due,
        "at": notice.at,
        "is_unread": notice.read_at is None,
    }


def _due(notice):
    """Return the due time that a warning is about; None for other notices, and for those of earlier releases, which have it in words."""
    try:
        return datetime.fromisoformat(notice.text) if notice.kind == Notice.Kind.DUE else None
    except ValueError:
        return None


def _place(notice):
    if not notice.ticket_id:
        about, _colon, rest = notice.key.partition(":")
        return reverse("desk:job", args=[rest.partition(":")[0]]) if about == "job" else ""
    return reverse("desk:ticket", args=[notice.ticket_id]) + (f"#event-{notice.event_id}" if notice.event_id else "")


def _drafts(user):
    found = Draft.objects.filter(author=user, send_at=None).select_related("ticket").order_by("-saved_at")
    return [
        {
            "url": reverse("desk:ticket", args=[draft.ticket_id]) + "#composer",
            "subject": f"#{draft.ticket_id} {draft.ticket.subject}",
            "kind": str(draft.get_kind_display()),
            "text": draft.text[:140],
            "at": draft.saved_at,
        }
        for draft in found.defer(*long_columns("ticket__"))[:ROWS]
    ]


def _team(request, today):
    """Return every agent with the number of running and due tickets and any absence. One query."""
    running = Ticket.objects.visible_to(request.user).filter(RUNNING, assignee=OuterRef("pk")).order_by()
    agents = User.objects.care().select_related("agent").order_by("full_name", "pk")
    agents = agents.annotate(running=length(running), due=length(running.filter(due_at__lt=end(today))))[:TEAM]
    return [_member(user, getattr(user, "agent", None) or Agent(user=user), today) for user in agents]


def _member(user, agent, today):
    url = f"{reverse('desk:queue')}?{WHATEVER_RUNS}&{urlencode({'owner': user.email})}"
    away = agent.is_away(today)
    return {
        "name": str(user),
        "initials": user.initials,
        "running": bounded(user.running),
        "running_url": url,
        "due": bounded(user.due),
        "due_url": f"{url}&due_to={today.isoformat()}",
        "capacity": agent.capacity if agent.takes_tickets else None,
        "away": away,
        "until": agent.away_until if away else None,
    }
