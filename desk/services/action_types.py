"""The actions that bulk changes, macros and automations can perform on a ticket.

ACTION_TYPES maps the code of each action to an Action. A stored action is {"do": code, "value": value}; action_runner.py checks, describes,
performs and undoes lists of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.models import CannedAnswer
from desk.services import canned, owners, snooze_action, traits
from tickets.forms import assignable_users
from tickets.models import Follower, Ticket
from tickets.models.ticket import NEVER
from tickets.services import agent_actions, conversation, followers, snoozing, tags
from tickets.services.lifecycle import TRANSITIONS, NotNow, lock
from tickets.types import TYPES
from web.user_input import parse_text

S, E = Ticket.Status, Ticket.Execution
TEXT, TAG = 10_000, tags.LONGEST
MERGED, OVER = Q(merged_into__isnull=False), Q(status__in=(S.SOLVED, S.CLOSED))
TO_PARTNERS = ("reply", "canned", "ask")
EXECUTING = [kind.code for kind in TYPES.values() if kind.executes]


@dataclass(frozen=True)
class Action:
    """A kind of action. Its value is one of `choices(user)` ([(value, label)]), or a text that `clean` accepts, or "".

    `do(number, value, actor=, at=)` performs it on one ticket and raises NotNow; if `is_timed`, it also gets `asked_at`.
    `key(value, actor)` returns the key of the trait it changes (traits.py), `makes(value, actor)` the trait's new value. Without `key` it
    writes a message or a note, which cannot be undone; without `makes` many tickets are changed one by one.
    `idle(value, actor)` and `refused(value)` return Qs for a preview: the tickets it leaves unchanged, and those that do not permit it.
    `text(value)` returns the text it writes, with variables that are filled in for each ticket.
    `needs_actor(value)` tells whether it needs a person, which automations lack.
    `check(value, at)` raises ValidationError for a value that makes no sense any more at that time.
    """

    code: str
    label: str
    do: Callable
    choices: Callable | None = None
    clean: Callable | None = None
    key: Callable | None = None
    makes: Callable | None = None
    idle: Callable = lambda value, actor: NEVER
    refused: Callable = lambda value: NEVER
    text: Callable = lambda value: ""
    needs_actor: Callable = lambda value: False
    check: Callable = lambda value, at: None
    is_timed: bool = False

    def words(self, value, names=None, *, is_whole=False):
        """Return the action with its value, for people; a long text is shortened unless `is_whole`."""
        shown = (names or {}).get((self.code, value)) or (f"“{value if is_whole else Truncator(value).chars(60)}”" if value else "")
        return f"{self.label} {shown}".strip()


def _owner(value, actor):
    return {"nobody": None, "me": actor and actor.pk}.get(value, int(value) if value.isdigit() else None)


def _assign(number, value, *, actor, at):
    owners.assign(number, traits.person(_owner(value, actor)), actor=actor, at=at)


def tag_of(text):
    """Return the tag as it is stored. Raise ValidationError."""
    text = parse_text(text, TAG + 1)
    if not tags.plain(text) or len(text) > TAG:
        raise ValidationError(_("A tag must have 1 to %(most)s characters.") % {"most": TAG})
    return tags.plain(text)


def _text(text):
    text = parse_text(text, TEXT + 1)
    if not text or len(text) > TEXT:
        raise ValidationError(_("Enter a text of up to %(most)s characters.") % {"most": TEXT})
    return canned.checked(text)


def _writing(write):
    def perform(number, value, *, actor, at):
        text = canned.fill_completely(value, lock(number), agent=actor) if "{" in value else value
        write(number, text, author=actor, at=at)

    return perform


def _itself(value):
    return value


def _body(value):
    return CannedAnswer.objects.filter(pk=value).values_list("body", flat=True).first() or ""


def _canned(number, value, *, actor, at):
    found = CannedAnswer.objects.filter(pk=value, is_active=True).first()
    if found is None:
        raise NotNow(_("This canned answer is no longer available."))
    _writing(conversation.reply)(number, found.body, actor=actor, at=at)


def _unreachable(status):
    """Return a Q for the tickets that cannot be set to this status."""
    refused = Q(status__in=[now for now, then in TRANSITIONS.items() if status not in then and now != status])
    refused |= MERGED & ~Q(status=status)
    if status == S.SOLVED:
        refused |= ~Q(status=S.SOLVED) & (Q(type_code__in=EXECUTING) | Q(execution__in=(E.REQUESTED, E.DONE)))
    return refused


ACTION_TYPES = {
    action.code: action
    for action in (
        Action(
            "assign",
            gettext_lazy("Assign"),
            _assign,
            choices=lambda user: [
                *([("me", _("to me"))] if user else []),
                ("nobody", _("to no one")),
                *((str(u.pk), _("to %(name)s") % {"name": u}) for u in assignable_users()),
            ],
            key=lambda value, actor: "assignee",
            makes=_owner,
            idle=lambda value, actor: Q(assignee=_owner(value, actor)),
            needs_actor=lambda value: value == "me",
        ),
        Action(
            "priority",
            gettext_lazy("Set the priority to"),
            lambda number, value, *, actor, at: agent_actions.prioritize(number, int(value), actor=actor, at=at),
            choices=lambda user: [(str(value), label) for value, label in Ticket.Priority.choices],
            key=lambda value, actor: "priority",
            makes=lambda value, actor: int(value),
            idle=lambda value, actor: Q(priority=int(value)),
        ),
        Action(
            "status",
            gettext_lazy("Set the status to"),
            agent_actions.set_status,
            choices=lambda user: [*((s.value, s.label) for s in (S.OPEN, S.PENDING)), (S.SOLVED.value, _("Solved (answered)"))],
            key=lambda value, actor: "status",
            idle=lambda value, actor: Q(status=value),
            refused=_unreachable,
        ),
        Action(
            "tag",
            gettext_lazy("Add the tag"),
            lambda number, value, *, actor, at: tags.change(number, add=(value,), actor=actor, at=at),
            clean=tag_of,
            key=lambda value, actor: f"tag:{value}",
            makes=lambda value, actor: True,
            idle=lambda value, actor: Q(tags__contains=[value]),
        ),
        Action(
            "untag",
            gettext_lazy("Remove the tag"),
            lambda number, value, *, actor, at: tags.change(number, remove=(value,), actor=actor, at=at),
            clean=tag_of,
            key=lambda value, actor: f"tag:{value}",
            makes=lambda value, actor: False,
            idle=lambda value, actor: ~Q(tags__contains=[value]),
        ),
        Action(
            "follow",
            gettext_lazy("Follow"),
            lambda number, value, *, actor, at: followers.follow(number, actor, by=actor, at=at),
            key=lambda value, actor: f"follower:{actor.pk}",
            idle=lambda value, actor: Q(Exists(Follower.objects.filter(ticket=OuterRef("pk"), user=actor))),
            needs_actor=lambda value: True,
        ),
        Action(
            "snooze",
            gettext_lazy("Snooze"),
            snooze_action.put_off,
            choices=snooze_action.choices,
            key=lambda value, actor: "snoozed",
            refused=lambda value: OVER,
            is_timed=True,
        ),
        Action(
            "snooze_day",
            gettext_lazy("Snooze until the day"),
            snooze_action.put_off,
            clean=snooze_action.day_of,
            key=lambda value, actor: "snoozed",
            refused=lambda value: OVER,
            check=snooze_action.still_to_come,
            is_timed=True,
        ),
        Action(
            "wake",
            gettext_lazy("End the snooze"),
            lambda number, value, *, actor, at: snoozing.wake(number, actor=actor, at=at),
            key=lambda value, actor: "snoozed",
            idle=lambda value, actor: Q(snoozed_until=None),
        ),
        Action(
            "reply",
            gettext_lazy("Reply"),
            _writing(conversation.reply),
            clean=_text,
            refused=lambda value: Q(status=S.CLOSED) | MERGED,
            text=_itself,
        ),
        Action(
            "canned",
            gettext_lazy("Reply with"),
            _canned,
            choices=lambda user: [(str(answer.pk), answer.title) for answer in canned.offered(user)],
            refused=lambda value: Q(status=S.CLOSED) | MERGED,
            text=_body,
        ),
        Action("note", gettext_lazy("Add an internal note"), _writing(conversation.note), clean=_text, text=_itself),
        Action(
            "ask",
            gettext_lazy("Ask the partner"),
            _writing(conversation.ask_partner),
            clean=_text,
            refused=lambda value: OVER,
            text=_itself,
        ),
    )
}
