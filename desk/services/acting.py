"""Actions (vocabulary) as they are chosen, said, done and undone.

What is to be done is stored as [{"do": "tag", "value": "urgent"}, …].
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from desk.services import traits
from desk.services.vocabulary import TO_PARTNERS, VOCABULARY
from tickets.services.lifecycle import NotNow, because, lock

log = logging.getLogger(__name__)


def perform(number, actions, *, actor, at, asked_at=None, **cause):
    """Do all of it to one ticket, or nothing. Gives (before, after): what was changed and can be undone, by trait.

    "Tomorrow" is meant as of `asked_at`, where that was before.
    Raises NotNow, after which the transaction around it, if any, is void. `cause` stands in the data of every event, like automation=7.
    """
    before = {}
    with transaction.atomic(savepoint=False), because(**cause):
        for asked in actions:
            action = VOCABULARY[asked["do"]]
            key = action.key and action.key(asked["value"], actor)
            if key:
                before.setdefault(key, traits.whole(lock(number), key))
            timed = {"asked_at": asked_at} if action.is_timed else {}
            action.do(number, asked["value"], actor=actor, at=at, **timed)
        ticket = lock(number) if before else None
        after = {key: traits.whole(ticket, key) for key in before}
    changed = [key for key, value in before.items() if traits.plain(key, value) != traits.plain(key, after[key])]
    kept = traits.plain if says_something(actions) else lambda key, value: value  # what was said has met clocks for good
    return {key: kept(key, before[key]) for key in changed}, {key: kept(key, after[key]) for key in changed}


@transaction.atomic
def undo(number, before, after, *, actor, at, **cause):
    """Put back what nobody has changed since. Gives the keys of what was left as it is."""
    left = []
    with because(**cause):
        for key in reversed(before):
            now = traits.whole(lock(number), key)
            if traits.plain(key, now) != traits.plain(key, after[key]):
                left.append(key)
                continue
            value = before[key] if traits.is_untouched(key, now, after[key]) else traits.plain(key, before[key])
            try:
                with transaction.atomic():
                    traits.put(number, key, value, actor=actor, at=at)
            except NotNow:
                left.append(key)
    return left


def why_not(error, what):
    """What people read of an error that is kept instead of being tried for ever; raised again where another try may go well.

    `what` failed is for the log, where the error is none of those that say why.
    """
    if isinstance(error, SoftTimeLimitExceeded | OperationalError):
        raise error
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, NotNow | PermissionError):
        return str(error)
    log.error("%s failed.", what, exc_info=error)
    return _("This failed for a technical reason; it is in the log.")


def can_be_undone(actions):
    """Whether anything of this can be taken back: what has been said cannot."""
    return any(VOCABULARY[asked["do"]].key for asked in actions)


def says_something(actions):
    """Whether anything of this is said, to partners or among the care team."""
    return any(VOCABULARY[asked["do"]].key is None for asked in actions)


def writes_to_partners(actions):
    """Whether anything of this is mailed to a partner."""
    return any(asked["do"] in TO_PARTNERS for asked in actions)


def in_words(actions, *, user, is_whole=False, is_to_be_done=False):
    """The actions as lines for people, their texts cut unless `is_whole`; what is not offered any more is said as it is stored.

    What is still to be done says the text behind a title, too, as it is now.
    """
    names, known = names_of(actions, user), [(VOCABULARY[asked["do"]], asked["value"]) for asked in actions if asked["do"] in VOCABULARY]
    lines = [action.words(value, names, is_whole=is_whole) for action, value in known]
    texts = [action.text(value) if is_to_be_done and action.choices else "" for action, value in known]
    return [f"{line}\n“{text}”" if text else line for line, text in zip(lines, texts, strict=True)]


def names_of(actions, user):
    """{(code, value): label} of the closed choices that occur; asks only for what does."""
    codes = {asked["do"] for asked in actions} & {code for code, action in VOCABULARY.items() if action.choices}
    return {(code, str(value)): str(label) for code in codes for value, label in VOCABULARY[code].choices(user)}


def chosen(code, value, *, user, at=None):
    """The action as it is stored, from what a form or an address names; without a user, for an automation. Raises ValidationError.

    `at` is when it is to be done, if that is now.
    """
    action = VOCABULARY.get(code)
    if action is None:
        raise ValidationError(_("Choose what is to be done."), code="required")
    if action.needs_actor(value) and user is None:
        raise ValidationError(_("An automation is nobody: name somebody."), code="nobody")
    if action.choices:
        if value not in {str(known) for known, _label in action.choices(user)}:
            raise ValidationError(_("Choose one of the offered values."), code="invalid_choice")
        return {"do": code, "value": value}
    value = action.clean(value) if action.clean else ""
    if at:
        action.check(value, at)
    return {"do": code, "value": value}
