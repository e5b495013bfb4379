"""The areas of requests as shown to partners: the topics in fewer, plainer words."""

from django.utils.translation import gettext_lazy as _

OTHER = "any"
# Area: (title shown to partners, icon).
AREAS = {
    "CLASSOUND": (_("Numbers"), "phone"),
    "HWaaS": (_("Hardware"), "device"),
    "PBX/Licences": (_("PBXs and licences"), "pbx"),
    "Company": (_("Company"), "company"),
    "Billing": (_("Billing"), "receipt"),
    "Orders": (_("Orders"), "truck"),
    OTHER: (_("Something else"), "note"),
}


def area_of(topic):
    """Return the area of a ticket's topic: questions have topics that no other request has."""
    return {"Company information": "Company"}.get(topic, topic if topic in AREAS else OTHER)
