"""Articles offered beside a request's form: a few by its type and, as the user types, those that match the text.

They are shown beside the form, on a phone above it. If a type has more than a few, they come with the live answer, after the form.
"""

from django.forms import ChoiceField
from django.urls import reverse

from knowledge import articles as knowledge
from knowledge.matching import best_matches
from tickets.fields import RowsField

FEW, MOST = 2, 3


def offered(kind, form, *, book, own_pages):
    """Return the context of help/_offer.html: offers, offers_live (they change with the form), offers_fit (they match the typed text).

    `own_pages` adds links to the partner's self-service pages. At most two queries, none if the type has few articles.
    """
    about = knowledge.articles_of_type(kind.code, FEW + 1)
    is_live = len(about) > FEW
    asks_topic = "topic" in form.fields  # until one is chosen, only typed text can match anything
    fit = best_matches(written(kind, form), about="" if asks_topic else kind.code, most=MOST) if is_live else []
    shown = fit or (knowledge.articles_of_topic(str(form["topic"].value() or "")) if asks_topic else about)
    return {"offers": [_offer(article, book, own_pages) for article in shown], "offers_live": is_live, "offers_fit": bool(fit)}


def _offer(article, book, own_pages):
    page_url = reverse(article.page) if article.page and own_pages else ""
    return {"article": article, "blocks": knowledge.blocks(article, book), "page_url": page_url}


def written(kind, form):
    """Return the text of the form: its free texts, finished or not, and the labels of the chosen options."""
    values = {name: form[name].value() for name in form.fields if name != "topic"}
    texts = [str(text) for text in kind.free_texts(values).values()]
    texts += [_label(field, values[name]) for name, field in form.fields.items() if name in values]
    for name, field in form.fields.items():
        if isinstance(field, RowsField):
            rows = [row for row in values[name] or () if isinstance(row, dict)]
            texts += [_label(field.row_form.base_fields[key], value) for row in rows for key, value in row.items()]
    return " ".join(filter(None, dict.fromkeys(texts)))


def _label(field, value):
    return str(dict(field.choices).get(value, "")) if isinstance(field, ChoiceField) and isinstance(value, str) else ""
