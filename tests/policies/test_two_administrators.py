"""Two administrators add values of one policy: whoever confirms second reads first what the other has added."""

from functools import partial

import pytest
from django.test import Client

from partners.models import User
from policies.models import PolicyValue
from tests.interleaving import meanwhile
from tests.policies.test_admin import NEW, typed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def confirm(admin):
    """Return confirm(name, months, day): preview the value as this new administrator; return its confirmation, as an operation."""

    def previewed(name, months, day):
        client = Client()
        client.force_login(User.objects.create_user(f"{name}@careline.example", full_name=name, role="admin"))
        fields = typed(day, value_0=months, csrfmiddlewaretoken=name)
        return partial(confirmation, client, fields | {"seen": client.post(NEW, fields).context["seen"]})

    return previewed


def confirmation(client, fields):
    return client.post(NEW, fields | {"confirm": "yes", "csrfmiddlewaretoken": fields["csrfmiddlewaretoken"] + fields["seen"]})


@pytest.mark.parametrize("is_late", [True, False])
def test_value_that_another_has_just_added_is_not_replaced_unseen(confirm, tomorrow, is_late):
    cem, bea = confirm("Cem", "7", tomorrow), confirm("Bea", "8", tomorrow)
    first, second = (cem(), bea()) if is_late else meanwhile(cem, 'INSERT INTO "policies_policyvalue"', bea)
    assert (first.status_code, second.status_code) == (302, 200)
    assert [row.value for row in PolicyValue.objects.all()] == ["7 months"]
    page = second.content.decode()
    assert "Another value has been added in the meantime" in page and "It replaces 7 months, which Cem set for the same day." in page
    fields = bea.args[1] | {"seen": second.context["seen"]}
    assert confirmation(bea.args[0], fields).status_code == 302
    assert PolicyValue.objects.book(on=tomorrow).cite("did.minimum_term_months") == {"did.minimum_term_months": "8 months"}
