"""Every policy value Careline knows, by code. One module a topic; a value is declared once, where its topic lives."""

from django.utils.translation import gettext_lazy as _

from policies.catalog import billing, classound, company, general, hwaas, licences, orders, service_level

# In the order in which people see them.
TOPICS = (
    (_("Every request"), general.ENTRIES),
    (_("Billing"), billing.ENTRIES),
    (_("CLASSOUND: numbers"), classound.ENTRIES),
    (_("HWaaS and hardware"), hwaas.ENTRIES),
    (_("PBX, licences, Commitment, x-bees"), licences.ENTRIES),
    (_("Orders and delivery"), orders.ENTRIES),
    (_("Company and access"), company.ENTRIES),
    (_("Service level"), service_level.ENTRIES),
)

POLICIES = {entry.code: entry for _topic, entries in TOPICS for entry in entries}
