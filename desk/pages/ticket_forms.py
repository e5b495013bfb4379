"""The dialogs and small forms of the ticket page. A failed one is shown in place with errors, else its text goes to the composer."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from tickets.forms import LetterForm, MessageForm, OverrideForm, RejectForm, StopForm, TakeBackForm
from tickets.models import Ticket
from web.sparse import Sparse


class FailedForm(NamedTuple):
    """A failed form: the `act` it belongs to, the bound `form`, and the party or step it is `about`."""

    act: str
    form: object
    about: str = ""

    @property
    def place(self):
        """Return the key that identifies it among the page's forms."""
        return f"{self.act}{self.about}"

    @property
    def words(self):
        """Return the text that was typed in it."""
        name = next((name for name in ("text", "reason") if name in self.form.fields), "")
        return (self.form[name].value() or "").strip() if name and self.act != "follow_up" else ""

    @property
    def is_internal(self):
        """Return whether its text is for colleagues and must never end up in a reply to the partner."""
        return self.act == "override" or self.form.data.get("status") == Ticket.Status.ON_HOLD

    @property
    def errors(self):
        """Return all its errors."""
        return [str(error) for errors in self.form.errors.values() for error in errors]


def read(context, sent, user):
    """Return the available `forms` by act, the `undecided` parties with theirs, and a failed form as `sent` ({act: form}) or `brought`.

    `brought` is the Sent whose form is no longer available on the page.
    """
    offered = {act: make(user) for act, make in _DIALOGS.items() if context.get(f"{act}_url")}
    undecided = [
        {
            "party": row.party,
            "name": row.name,
            "letter": LetterForm(auto_id=f"letter-{row.party}-%s"),
            "stop": StopForm(auto_id=f"stop-{row.party}-%s"),
        }
        for row in context["undecided"]
    ]
    places = offered | {f"{act}{row['party']}": row[act] for row in undecided for act in ("letter", "stop")}
    is_offered = sent and (sent.act in _ALWAYS or sent.place in places or _is_chosen(context, sent))
    if is_offered and sent.place in places:
        _put_in_place(sent.form, places[sent.place])
        offered = {act: sent.form if act == sent.act else form for act, form in offered.items()}
        undecided = [row | {sent.act: sent.form} if row["party"] == sent.about else row for row in undecided]
    if "override" in offered:
        offered["override"].fields["rule"].widget.choices = _to_choose(context["override_rules"])
    if "take_back" in offered:
        offered["take_back"].fields["fee"].widget.choices = _to_choose(context["take_back_choices"])
    came_back = Sparse({sent.act: sent.form} if is_offered else {})
    handled = _handled(context, sent.form.data) if sent and sent.act == "handling" else {}
    return handled | {"forms": Sparse(offered), "undecided": undecided, "sent": came_back, "brought": None if is_offered else sent}


def _to_choose(choices):
    """Return the choices with an empty first one if there are several: an irreversible choice must be made deliberately."""
    return choices if len(choices) == 1 else [("", _("Choose")), *choices]


def _is_chosen(context, sent):
    """Return whether it is a handling form whose status, if any, can still be chosen."""
    return sent.act == "handling" and sent.form["status"].value() in {None, "", *(value for value, _label, _asks in context["statuses"])}


def _handled(context, data):
    """Return owner and priority as submitted, with the values seen; fields left unchanged get their current value."""
    mine = {name for name in ("assignee", "priority") if name in data and data[name] != data.get(f"seen_{name}", data[name])}
    return {
        "chosen": context["chosen"] | {name: data[name] for name in mine},
        "seen": context["seen"] | {name: data[f"seen_{name}"] for name in mine},
    }


def _put_in_place(form, instead):
    """Give the failed form the ids and labels of the form it replaces."""
    form.auto_id = instead.auto_id
    for name, field in instead.fields.items():
        form.fields[name].label = field.label
        if name in form.errors:
            form.errors[name].field_id = form[name].auto_id


def _words(user, act, label):
    form = MessageForm(author=user, today=None, auto_id=f"{act}-%s")
    form.fields["text"].label = label
    return form


_ALWAYS = ("reply", "step", "snooze", "link", "follow_up", "split", "tags")  # always present on the page
_DIALOGS = {
    "reject": lambda user: RejectForm(auto_id="reject-%s"),
    "answer": lambda user: _words(user, "answer", _("Answer")),
    "ask": lambda user: _words(user, "ask", _("Question")),
    "override": lambda user: OverrideForm(auto_id="override-%s"),
    "take_back": lambda user: TakeBackForm(auto_id="take-back-%s"),
}
