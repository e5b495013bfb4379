"""The filters of ticket lists: allow-listed keys, each served by an index."""

import re

import django_filters
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.utils.translation import gettext as _

from classound.national_numbers import candidate_numbers
from tickets.areas import AREAS, OTHER
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.search_index import phrase_query
from tickets.types import TYPES
from tickets.types.general_question import TOPICS
from web.chips import chip
from web.user_input import parse_text

S = Ticket.Status
# Letters and separators must not overlap: if "_" could be either, a failing match would take exponential time.
_PARTS = re.compile(r"_*[^\W_]+(?:[_.-]+[^\W_]+)+_*")
TYPE_CHOICES = [(kind.code, kind.title) for kind in TYPES.values()]
# The topics of tickets: a type whose requests choose their topic has none itself.
TOPIC_NAMES = {kind.topic: AREAS[kind.topic][0] for kind in TYPES.values() if kind.topic != OTHER} | dict(TOPICS)
TOPIC_CHOICES = sorted(TOPIC_NAMES.items())


def search(queryset, text):
    """Filter tickets by exact number, or else by words (PostgreSQL full-text search, English) or phone numbers in them."""
    text = parse_text(text, 200)
    if not text:
        return queryset
    if text.lstrip("#").isascii() and text.lstrip("#").isdigit() and len(text) < 15:
        by_number = queryset.filter(pk=int(text.lstrip("#")))
        if by_number.exists():
            return by_number
    return queryset.filter(search=words_or_numbers(text, candidate_numbers(text)))


def words(text):
    """Return the search query for a text typed by a user, or None for an empty one.

    A compound name such as floor_plan-kiel also matches its parts in sequence: PostgreSQL splits it differently without a file ending.
    """
    text = parse_text(text, 200)
    query = SearchQuery(text, config="english", search_type="websearch") if text else None
    if _PARTS.fullmatch(text):
        query |= phrase_query([re.sub(r"[_.-]", " ", text)])
    return query


def words_or_numbers(text, numbers):
    """Return `words` extended by phone numbers (E.164 digits), in any notation and as part of a range."""
    query = words(text)
    for digits in numbers:
        query |= phrase_query([f"+{digits}", *(f"+{digits[:-places]}{'X' * places}" for places in (1, 2, 3))])
    return query


class TicketFilter(django_filters.FilterSet):
    """The filters shared by portal, desk and API."""

    status = django_filters.MultipleChoiceFilter(choices=S.choices)
    type = django_filters.ChoiceFilter(field_name="type_code", choices=TYPE_CHOICES)
    topic = django_filters.ChoiceFilter(choices=TOPIC_CHOICES)
    q = django_filters.CharFilter(method="by_words", help_text="Ticket number, words in the ticket, or a phone number")

    class Meta:
        model = Ticket
        fields = []

    def by_words(self, queryset, name, value):
        return search(queryset, value)


class PortalTicketFilter(TicketFilter):
    """The filters of a partner's list: running requests by default."""

    show = django_filters.ChoiceFilter(choices=[("running", ""), ("waiting", ""), ("done", "")], method="by_state")

    def by_state(self, queryset, name, value):
        if value == "waiting":
            return queryset.filter(status=S.PENDING)
        return queryset.filter(RUNNING if value == "running" else Q(status__in=(S.SOLVED, S.CLOSED)))

    def chips(self, request):
        return [
            chip(request, _("All"), show=None),
            chip(request, _("Running"), show="running"),
            chip(request, _("Waiting for you"), show="waiting"),
            chip(request, _("Finished"), show="done"),
        ]
