"""How estate tables are shown in the admin site: view-only for the most part, and cheap for large tables."""

from collections.abc import Mapping

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.paginator import Paginator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from web.number_fields import OVERRIDES
from web.seen_form import SeenForm
from web.user_input import has_words, parse_number

# A list shows at most this many rows; the search finds the others. Nothing counts a whole table.
SHOWN_AT_MOST = 1000


class CappedPaginator(Paginator):
    """Counts and paginates no more than SHOWN_AT_MOST rows."""

    @cached_property
    def count(self):
        return self.object_list[:SHOWN_AT_MOST].count()


class OneOrder(ChangeList):
    """A list in a fixed order, as any other would sort a whole table; its title is the plural name of the model."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.title = capfirst(self.opts.verbose_name_plural)

    @property
    def is_cut(self):
        """Return whether there may be more rows than the list shows."""
        return self.result_count >= SHOWN_AT_MOST

    def get_ordering(self, request, queryset):
        self.params.pop(ORDER_VAR, None)
        return super().get_ordering(request, queryset)


class CodeFilter(admin.ChoicesFieldListFilter):
    """Filters by values that are their own labels, such as EUR, for which choices would be labelled “Eur”."""

    def choices(self, changelist):
        every, *others = super().choices(changelist)
        yield every
        yield from (choice | {"display": value} for choice, (value, _label) in zip(others, self.field.flatchoices, strict=True))


class FoundRow(AutocompleteSelect):
    """A row found while typing. Unlike Django's widget, it does not query the database for arbitrary text submitted as a key."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [text for text in value if not text or parse_number(text) is not None], attr)


class TableAdmin(admin.ModelAdmin):
    """A list whose search compares prefixes, which indexes support: name search fields as `field__startswith`.

    `search_names` are names with an index on their words (web.user_input.words_of), found by the beginnings of their words.
    """

    search_names: tuple[str, ...] = ()
    form = SeenForm
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    list_per_page = 50
    actions = None
    formfield_overrides = OVERRIDES
    helps: Mapping = {}  # {field: help text}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.helps:
            field.help_text = self.helps[db_field.name]
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = FoundRow(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.blank:
            kwargs["choices"] = db_field.get_choices(blank_choice=[("", _("none"))])
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Lock the row that a form is to change and read it afterwards: saving it would otherwise undo what others have just changed."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        self.lock_row(found)
        return super().get_object(request, object_id, from_field)

    def lock_row(self, row):
        """Lock the row until the transaction ends. Extend it where more is judged or changed with it."""
        type(row).objects.select_for_update(no_key=True).filter(pk=row.pk).first()

    def get_action_choices(self, request, default_choices=None):
        return super().get_action_choices(request, [("", _("Choose an action"))])

    @admin.display(description=_("currency"))
    def currency_code(self, row):
        """Return the currency, in place of `currency`, for the reason given at CodeFilter."""
        return row.currency

    def get_changelist(self, request, **kwargs):
        return OneOrder

    def get_search_results(self, request, queryset, search_term):
        """Match prefixes: as typed, in upper or lower case, and without the spaces with which pages group numbers; names by their words."""
        plain = "".join(search_term.split())
        begins = Q()
        for text in {search_term.strip(), plain, plain.upper(), plain.lower()} - {""}:
            for field in self.search_fields:
                begins |= Q((field, text))
        for name in self.search_names if any(map(str.isalnum, plain)) else ():
            begins |= has_words(search_term, name)
        return queryset.filter(begins), False

    def render_change_form(self, request, context, *args, obj=None, **options):
        """Title the page with the row's name; offer only "Save" and "Save and add another"."""
        if obj:
            context |= {"title": str(obj), "subtitle": capfirst(self.opts.verbose_name), "show_save_and_add_another": False}
        return super().render_change_form(request, context | {"show_save_and_continue": False}, *args, obj=obj, **options)

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(TableAdmin):
    """Rows that come from the estate import and executed tickets: view-only."""

    ordering = ("-pk",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return ["currency_code" if name == "currency" else name for name in super().get_fields(request, obj)]
