"""Check, describe, perform and undo lists of actions.

Bulk changes, macros and automations store what they do as a list of actions, [{"do": "tag", "value": "urgent"}, …]: each names an
entry of ACTION_TYPES and its value. What an action changes on a ticket, and can be restored, is one of its traits (traits.py).
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from desk.services import traits
from desk.services.action_types import ACTION_TYPES, TO_PARTNERS
from tickets.models import Ticket
from tickets.services.lifecycle import NotNow, lock, with_cause

log = logging.getLogger(__name__)
EXPECTS_WORDS = (Ticket.Status.PENDING, Ticket.Status.SOLVED)


def perform(number, actions, *, actor, at, asked_at=None, **cause):
    """Perform all actions on one ticket, or none. Return (before, after): the changed traits that can be undone, {key: value} each.

    Relative times such as "tomorrow" are counted from `asked_at`, if given, instead of `at`. `cause`, such as automation=7, is added to
    the data of every event. Raise NotNow; the caller's transaction, if any, can then only be rolled back.
    """
    before = {}
    with transaction.atomic(savepoint=False), with_cause(**cause):
        for asked in actions:
            action = ACTION_TYPES[asked["do"]]
            key = action.key and action.key(asked["value"], actor)
            if key:
                before.setdefault(key, traits.read_with_clocks(lock(number), key))
            timed = {"asked_at": asked_at} if action.is_timed else {}
            action.do(number, asked["value"], actor=actor, at=at, **timed)
        ticket = lock(number) if before else None
        after = {key: traits.read_with_clocks(ticket, key) for key in before}
    changed = [key for key, value in before.items() if traits.without_clocks(key, value) != traits.without_clocks(key, after[key])]
    kept = traits.without_clocks if writes_messages(actions) else lambda key, value: value  # clocks that a message stopped stay stopped
    return {key: kept(key, before[key]) for key in changed}, {key: kept(key, after[key]) for key in changed}


@transaction.atomic
def undo(number, before, after, *, actor, at, **cause):
    """Restore the traits that nobody has changed since. Return the keys of those that were left as they are."""
    left = []
    with with_cause(**cause):
        for key in reversed(before):
            now = traits.read_with_clocks(lock(number), key)
            if traits.without_clocks(key, now) != traits.without_clocks(key, after[key]):
                left.append(key)
                continue
            value = before[key] if traits.is_untouched(key, now, after[key]) else traits.without_clocks(key, before[key])
            try:
                with transaction.atomic():
                    traits.put(number, key, value, actor=actor, at=at)
            except NotNow:
                left.append(key)
    return left


def failure_reason(error, what):
    """Return the reason to show for a failure that is recorded instead of retried; raise errors again that may pass by themselves.

    `what` names the failed operation in the log, for unexpected errors.
    """
    if isinstance(error, SoftTimeLimitExceeded | OperationalError):
        raise error
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, NotNow | PermissionError):
        return str(error)
    log.error("%s failed.", what, exc_info=error)
    return _("This failed because of a technical error. The log has the details.")


def can_be_undone(actions):
    """Return whether any of the actions can be undone: messages and notes cannot."""
    return any(ACTION_TYPES[asked["do"]].key for asked in actions)


def writes_messages(actions):
    """Return whether any of the actions writes a message to the partner or an internal note."""
    return any(ACTION_TYPES[asked["do"]].key is None for asked in actions)


def is_silent(actions):
    """Return whether partners would wait, or read that it is solved, without any message that says what for or why."""
    told = any(asked["do"] == "status" and asked["value"] in EXPECTS_WORDS for asked in actions)
    return told and not writes_to_partners(actions)


def writes_to_partners(actions):
    """Return whether any of the actions sends an e-mail to a partner."""
    return any(asked["do"] in TO_PARTNERS for asked in actions)


def describe(actions, *, user, is_whole=False, is_to_be_done=False):
    """Return one line for people per action, with texts shortened unless `is_whole`; choices no longer offered appear as stored.

    With `is_to_be_done`, a line that names a text by its title, such as a canned answer, is followed by its present wording.
    """
    names, known = (
        names_of(actions, user),
        [(ACTION_TYPES[asked["do"]], asked["value"]) for asked in actions if asked["do"] in ACTION_TYPES],
    )
    lines = [action.words(value, names, is_whole=is_whole) for action, value in known]
    texts = [action.text(value) if is_to_be_done and action.choices else "" for action, value in known]
    return [f"{line}\n“{text}”" if text else line for line, text in zip(lines, texts, strict=True)]


def names_of(actions, user):
    """Return {(code, value): label} for the fixed choices of these actions; query only those that occur."""
    codes = {asked["do"] for asked in actions} & {code for code, action in ACTION_TYPES.items() if action.choices}
    return {(code, str(value)): str(label) for code in codes for value, label in ACTION_TYPES[code].choices(user)}


def stored_action(code, value, *, user, at=None):
    """Return the action as it is stored, from the code and value of a form or address. Raise ValidationError.

    Without `user` it is for an automation. `at` is the present time if the action is to be performed now.
    """
    action = ACTION_TYPES.get(code)
    if action is None:
        raise ValidationError(_("Choose an action."), code="required")
    if action.needs_actor(value) and user is None:
        raise ValidationError(_("Automations do not run as a person, so they cannot do this for “me”."), code="nobody")
    if action.choices:
        if value not in {str(known) for known, _label in action.choices(user)}:
            raise ValidationError(_("Choose one of the listed values."), code="invalid_choice")
        return {"do": code, "value": value}
    value = action.clean(value) if action.clean else ""
    if at:
        action.check(value, at)
    return {"do": code, "value": value}
