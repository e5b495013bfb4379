"""What the knowledge base says about a request that somebody writes: a few articles, and as they write those that fit.

They stand beside the form, on a phone before it. Where a type has more than a few they come with the live answer, and after the form.
"""

from django.forms import ChoiceField
from django.urls import reverse

from knowledge import articles as knowledge
from knowledge.matching import fitting
from tickets.fields import RowsField

FEW, MOST = 2, 3


def offered(kind, form, *, book, own_pages):
    """For help/_offer.html: {"offers", "offers_live": whether they change with the form, "offers_fit": whether they fit what is written}.

    `own_pages` links to the partner's page where the answer can be found. Two queries at most, none where they are few.
    """
    about = knowledge.articles_of_type(kind.code, FEW + 1)
    is_live = len(about) > FEW
    asks_topic = "topic" in form.fields  # as long as none is chosen, nothing can be offered that is not typed
    fit = fitting(written(kind, form), about="" if asks_topic else kind.code, most=MOST) if is_live else []
    shown = fit or (knowledge.articles_of_topic(str(form["topic"].value() or "")) if asks_topic else about)
    return {"offers": [_offer(article, book, own_pages) for article in shown], "offers_live": is_live, "offers_fit": bool(fit)}


def _offer(article, book, own_pages):
    page_url = reverse(article.page) if article.page and own_pages else ""
    return {"article": article, "blocks": knowledge.blocks(article, book), "page_url": page_url}


def written(kind, form):
    """What the form says in words: its free texts, half-written or not, and the names of what was chosen from lists."""
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
