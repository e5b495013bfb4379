"""Access of a partner's people."""

from types import SimpleNamespace

from partners import rules
from tests.cases.outside import found


def ending(facts):
    """ORG-2: whether `who` ends Nora's access while so many `colleagues` can sign in."""
    nora, colleague = (SimpleNamespace(pk=pk, email="nora@nord.example") for pk in (1, 2))
    actor = {"herself": nora, "a colleague": colleague}[facts["who"]]
    return found(rules.somebody_keeps_access(nora, actor=actor, others=facts["colleagues"]))


def of_partner(facts):
    """ORG-2: whether Nord changes the access of somebody of a `partner`."""
    nord, sud = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
    person = SimpleNamespace(partner_id={"NORD": nord.pk, "SUD": sud.pk, "the care team": None}[facts["partner"]])
    return found(rules.is_contact_of(person, nord))


def ended(facts):
    """ORG-2: whether somebody whose access has ended or not (`has_access`) changes anything, and is sent a link to sign in."""
    person = SimpleNamespace(is_active=facts["has_access"], email="nora@nord.example")
    return found(rules.actor_has_access(person) + rules.access_has_not_ended(person))
