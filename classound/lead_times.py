"""Expected lead times for numbers, shown to partners requesting or waiting for one (DID-7)."""

from django.utils.translation import gettext as _

CODES = (
    "lead_time.full_porting_shortest",
    "lead_time.full_porting_longest",
    "lead_time.new_did_shortest",
    "lead_time.new_did_longest",
    "lead_time.outbound",
)


def lead_times(book):
    """Return the lead times as of the book's day, one sentence each with its rule: [{rule, text}]."""
    values = {code.partition(".")[2]: value for code, value in book.cite(*CODES).items()}
    sentences = (
        _("Full porting takes %(full_porting_shortest)s to %(full_porting_longest)s, depending on the area and carrier."),
        _("A new number takes %(new_did_shortest)s to %(new_did_longest)s if the area has numbers available."),
        _("Outbound calls with your own numbers work after %(outbound)s."),
    )
    return [{"rule": "DID-7", "text": sentence % values} for sentence in sentences]
