"""Cache what is the same on every page: texts, static files, URLs without arguments, included templates.

Replaces Django's libraries i18n and static and its tags url and include, with the same syntax and output.
"""

from django import template
from django.conf import settings
from django.template import defaulttags, loader_tags
from django.templatetags import i18n
from django.templatetags import static as files
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language

register = template.Library()
register.filters = dict(i18n.register.filters)
register.tags = {**i18n.register.tags, **files.register.tags}


language = get_language if settings.USE_I18N else str  # skips a call that pages make dozens of times
MOST = 500  # cached renderings per node; then the cache is cleared, so that rare conditions do not fill it for good


class Once(template.Node):
    """A node that is rendered once for each of its `conditions`, a function of the context."""

    def __init__(self, node, conditions):
        self.node, self.conditions, self.drawn = node, conditions, {}

    def render(self, context):
        under = self.conditions(context)
        if (drawn := self.drawn.get(under)) is None:
            drawn = self.node.render(context)
            if len(self.drawn) >= MOST:
                self.drawn.clear()
            self.drawn[under] = drawn
        return drawn


class Apart(template.Node):
    """Nodes that see only these `names` of the context."""

    def __init__(self, nodes, names):
        self.nodes, self.names = nodes, names

    def render(self, context):
        return self.nodes.render(context.new({name: context[name] for name in self.names if name in context}))


@register.tag("translate")
@register.tag("trans")
def translate(parser, token):
    """{% translate "…" %}: a literal text is looked up once per language."""
    node = i18n.do_translate(parser, token)
    value = node.filter_expression
    is_fixed = getattr(value.var, "literal", None) is not None and not value.filters
    is_plain = not (node.asvar or node.noop or node.message_context)
    return Once(node, lambda context: (language(), context.autoescape)) if is_fixed and is_plain else node


@register.tag("static")
def static(parser, token):
    """{% static "…" %}: the URL of a static file."""
    node = files.do_static(parser, token)
    is_fixed = isinstance(node.path.var, str) and not node.path.filters and not node.varname
    return Once(node, lambda context: context.autoescape) if is_fixed else node


@register.tag("url")
def url(parser, token):
    """{% url "…" %}: a URL without arguments. Those of the admin site depend on the current site and are not cached."""
    node = defaulttags.url(parser, token)
    name = node.view_name.var
    is_fixed = isinstance(name, str) and not node.view_name.filters and not name.startswith("admin:")
    is_plain = not (node.args or node.kwargs or node.asvar)
    return Once(node, lambda context: (get_script_prefix(), get_urlconf(), context.autoescape)) if is_fixed and is_plain else node


class Found:
    """The template of an include with a literal name: loaded when first drawn, and kept as long as the including template."""

    def __init__(self, name):
        self.name, self.template = name, None

    def resolve(self, context):
        if self.template is None:
            self.template = context.template.engine.get_template(self.name)
        return self.template


@register.tag("include")
def include(parser, token):
    """{% include "…" %}: another template, whose name may be an expression."""
    node = loader_tags.do_include(parser, token)
    name = node.template.var
    if isinstance(name, str) and not node.template.filters:
        node.template = Found(name)
    return node


@register.tag("once")
def once(parser, token):
    """{% once a b.c %} … {% endonce %}: content that depends on a, b.c and the language only, and is drawn once for each of their values.

    It sees no other variables, so that cached content never contains anything specific to a page. With {% once a with d %} it also
    sees d, which must be the same on all pages that have it.
    """
    _tag, *words = token.split_contents()
    keys, seen = (words[: words.index("with")], words[words.index("with") + 1 :]) if "with" in words else (words, [])
    values = [parser.compile_filter(word) for word in keys]
    body = parser.parse(("endonce",))
    parser.delete_first_token()
    names = {word.partition(".")[0] for word in keys + seen}
    return Once(Apart(body, names), lambda context: (language(), *(value.resolve(context) for value in values)))
