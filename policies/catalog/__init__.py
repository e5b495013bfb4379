"""All policy values by code. Each topic has a module, and each value is declared once, in the module of its topic."""

from django.utils.translation import gettext_lazy as _

from policies.catalog import billing, classound, company, general, hwaas, licences, orders, service_level

# In display order: each topic, its values and the prefixes of its rule codes.
TOPICS = (
    (_("Every request"), general.ENTRIES, ("GEN",)),
    (_("Billing"), billing.ENTRIES, ("BIL",)),
    (_("CLASSOUND: numbers"), classound.ENTRIES, ("DID",)),
    (_("HWaaS and hardware"), hwaas.ENTRIES, ("HW",)),
    (_("PBX, licences, Commitment, x-bees"), licences.ENTRIES, ("COM", "LIC", "XB")),
    (_("Orders and delivery"), orders.ENTRIES, ("ORD",)),
    (_("Company and access"), company.ENTRIES, ("ORG",)),
    (_("Service level"), service_level.ENTRIES, ("SLA",)),
)

POLICIES = {entry.code: entry for _topic, entries, _families in TOPICS for entry in entries}
