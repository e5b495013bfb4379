"""How long numbers take, as partners are told where they ask for or wait for one (DID-7)."""

from django.utils.translation import gettext as _

CODES = (
    "lead_time.full_porting_shortest",
    "lead_time.full_porting_longest",
    "lead_time.new_did_shortest",
    "lead_time.new_did_longest",
    "lead_time.outbound",
)


def lead_times(book):
    """The expected times of the book's day, one sentence each, with the rule they come from: [{rule, text}]."""
    values = {code.partition(".")[2]: value for code, value in book.cite(*CODES).items()}
    sentences = (
        _("A full porting takes %(full_porting_shortest)s to %(full_porting_longest)s, depending on area and carrier."),
        _("A new number takes %(new_did_shortest)s to %(new_did_longest)s where the area has numbers."),
        _("Outbound calls with your own numbers work after %(outbound)s."),
    )
    return [{"rule": "DID-7", "text": sentence % values} for sentence in sentences]
