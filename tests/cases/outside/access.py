"""Access of a partner's people."""

from types import SimpleNamespace

from partners import rules
from tests.cases.outside import found


def ending(facts):
    """ORG-2: whether `who` can end Nora's access while this number of `colleagues` can sign in."""
    nora, colleague = (SimpleNamespace(pk=pk, email="nora@nord.example") for pk in (1, 2))
    actor = {"herself": nora, "a colleague": colleague}[facts["who"]]
    return found(rules.somebody_keeps_access(nora, actor=actor, others=facts["colleagues"]))


def of_partner(facts):
    """ORG-2: whether Nord can change the access of a person of `partner`."""
    nord, sud = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
    person = SimpleNamespace(partner_id={"NORD": nord.pk, "SUD": sud.pk, "the care team": None}[facts["partner"]])
    return found(rules.is_contact_of(person, nord))


def ended(facts):
    """ORG-2: whether a person whose access has ended or not (`has_access`) can change anything, and is sent a sign-in link."""
    person = SimpleNamespace(is_active=facts["has_access"], email="nora@nord.example")
    return found(rules.actor_has_access(person) + rules.access_has_not_ended(person))
