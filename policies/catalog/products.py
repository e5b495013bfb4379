"""What is sold on a PBX: licence types and terms with their display names, as used by the columns and lists of policy values."""

from django.utils.translation import gettext_lazy as _

from policies.codes import Choice, Words

USER_LICENCES = ("basic", "essential", "business", "premium")
LICENCES = (*USER_LICENCES, "teams", "wizywebinar")
TERMS = ("1m", "1y", "5y", "lifetime")
LICENCE_NAMES = (*((code, code.capitalize()) for code in USER_LICENCES), ("teams", "Teams4Wildix"), ("wizywebinar", "Wizywebinar"))
TERM_NAMES = (("1m", _("monthly")), ("1y", _("1 year")), ("5y", _("5 years")), ("lifetime", _("LifeTime")))

USER_LICENCE = Choice(USER_LICENCES, called=LICENCE_NAMES)
USER_LICENCE_LIST = Words(of=USER_LICENCES, called=LICENCE_NAMES)
LICENCE = Choice(LICENCES, called=LICENCE_NAMES)
LICENCE_LIST = Words(of=LICENCES, called=LICENCE_NAMES, may_be_empty=False)
TERM = Choice(TERMS, called=TERM_NAMES)
TERM_LIST = Words(of=TERMS, called=TERM_NAMES)
