"""The small forms of an agent's page, and one that came back: at its place with why, else its words in the composer."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from tickets.forms import LetterForm, MessageForm, OverrideForm, RejectForm, StopForm, TakeBackForm
from tickets.models import Ticket
from web.sparse import Sparse


class Sent(NamedTuple):
    """A form that was sent and could not be done: the `act` it is for, the bound `form`, the party or step it is `about`."""

    act: str
    form: object
    about: str = ""

    @property
    def place(self):
        """What tells it from the page's other forms."""
        return f"{self.act}{self.about}"

    @property
    def words(self):
        """What was written in it, as text."""
        name = next((name for name in ("text", "reason") if name in self.form.fields), "")
        return (self.form[name].value() or "").strip() if name and self.act != "follow_up" else ""

    @property
    def is_internal(self):
        """Whether its words are for colleagues: they must not come to stand where a reply to the partner does."""
        return self.act == "override" or self.form.data.get("status") == Ticket.Status.ON_HOLD

    @property
    def errors(self):
        """All that is wrong with it."""
        return [str(error) for errors in self.form.errors.values() for error in errors]


def read(context, sent, user):
    """For the page's template: the `forms` that it offers, by act, and the `undecided` parties with theirs; `sent`: {act: form} of one that
    came back, or `brought`.

    `brought` is the Sent whose form is not offered any more.
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
    """What cannot be undone is chosen, not left at the first of several."""
    return choices if len(choices) == 1 else [("", _("Choose")), *choices]


def _is_chosen(context, sent):
    """Whether it is about the ticket's handling, with a status that can be chosen still or none."""
    return sent.act == "handling" and sent.form["status"].value() in {None, "", *(value for value, _label, _asks in context["statuses"])}


def _handled(context, data):
    """Owner and priority as somebody has just chosen them, each against what was seen; what was not touched is as it is by now."""
    mine = {name for name in ("assignee", "priority") if name in data and data[name] != data.get(f"seen_{name}", data[name])}
    return {
        "chosen": context["chosen"] | {name: data[name] for name in mine},
        "seen": context["seen"] | {name: data[f"seen_{name}"] for name in mine},
    }


def _put_in_place(form, instead):
    """Let the one that came back be called as the one in whose place it is."""
    form.auto_id = instead.auto_id
    for name, field in instead.fields.items():
        form.fields[name].label = field.label
        if name in form.errors:
            form.errors[name].field_id = form[name].auto_id


def _words(user, act, label):
    form = MessageForm(author=user, today=None, auto_id=f"{act}-%s")
    form.fields["text"].label = label
    return form


_ALWAYS = ("reply", "step", "snooze", "link", "follow_up", "split", "tags")  # have a place of their own on the page
_DIALOGS = {
    "reject": lambda user: RejectForm(auto_id="reject-%s"),
    "answer": lambda user: _words(user, "answer", _("Answer")),
    "ask": lambda user: _words(user, "ask", _("Question")),
    "override": lambda user: OverrideForm(auto_id="override-%s"),
    "take_back": lambda user: TakeBackForm(auto_id="take-back-%s"),
}
