"""Ask anything else – FAQ: "What language should be used for submitting Customer Care requests?" (GEN-1)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.verdict import Verdict
from tickets.base import QuestionType, TicketForm
from tickets.fields import ProseField
from web.name_fields import UNSEEN

TOPICS = (
    ("Billing", _("Billing")),
    ("CLASSOUND", _("CLASSOUND")),
    ("HWaaS", _("HWaaS")),
    ("PBX/Licences", _("PBX and licences")),
    ("Orders", _("Orders")),
    ("Portal errors", _("Portal errors")),
    ("Promotions", _("Promotions")),
    ("Company information", _("Company information")),
    ("General", _("General")),
    ("Feature request", _("Feature request")),
)


def asked_about(topic):
    """Return the question topic for a ticket or type with this `topic`: some topics exist for requests but not for questions."""
    return {"Company": "Company information"}.get(topic, topic if topic in dict(TOPICS) else "General")


class GeneralQuestionForm(TicketForm):
    topic = forms.ChoiceField(label=_("Topic"), choices=(("", _("Choose")), *TOPICS))
    subject = ProseField(label=_("Subject"), max_length=200, rows=1)
    message = ProseField(label=_("Message"), max_length=4000, rows=8)


class GeneralQuestion(QuestionType):
    code = "general_question"
    title = _("Ask something else")
    topic = "any"
    icon = "note"
    description = _("A question, problem or suggestion that no other request covers.")
    search_terms = "support contact call back speak talk person human outage down fault dial tone audio voice quality noise echo"
    expected = _("Answered on the same business day, or on the next one if you write outside support hours")
    rules = ("GEN-1",)
    form = GeneralQuestionForm

    def topic_of(self, answers):
        return answers["topic"]

    def subject(self, answers):
        """Return a single line without invisible direction marks, for lists and e-mails; the answers keep the text as typed."""
        return " ".join(UNSEEN.sub(" ", answers["subject"]).split()) or str(self.title)

    def decide(self, answers, *, book, today):
        return Verdict()
