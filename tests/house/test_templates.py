"""Templates: their lines are readable, each one is used, each URL in them exists, and their texts can be translated."""

import re

from tests.every_url.addresses import patterns
from tests.house.files import product_files, text, tracked

COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)
# Found by Django, allauth and others under names of their own.
FOUND_BY_NAME = re.compile(
    r"templates/((400|403|403_csrf|404|429|500)\.html|admin/|account/|mfa/|django/|drf_spectacular/|policies/widgets/)"
)

# Lines that cannot be broken: the texts themselves.
WORDS = re.compile(r'{% blocktranslate.*?endblocktranslate %}|{% translate .*?%}|_\("[^"]*"\)')
LINE, STYLE = 200, 140
# A rule about any element inside one that has something: browsers restyle the whole page for it, with every key.
OF_ANYTHING = re.compile(r":has\((?:[^(){}]|\((?:[^()]|\([^()]*\))*\))*\)\)*\s*[>~+ ]\s*(?:\*|:not\()")


def templates():
    return [path for path in tracked("*.html", "*.txt") if "templates/" in path]


def shown(path):
    return COMMENT.sub("", text(path))


def test_lines_are_short():
    pages = [path for path in templates() if path.endswith(".html")]  # a line of an e-mail is one
    lines = [(path, line, LINE) for path in pages for line in WORDS.sub("", text(path)).split("\n")]
    lines += [(path, line, STYLE) for path in tracked("*.css") for line in text(path).split("\n")]
    assert [(path, line) for path, line, most in lines if len(line) > most] == []


def test_styles_have_specific_selectors():
    assert OF_ANYTHING.search(".opinion-form:not(:has(:checked)) > :not(fieldset) {")
    assert not OF_ANYTHING.search(".queue-split:has(.peek-pane:not([hidden])) :is(.c-fee, .c-type) {")
    assert [(path, line) for path in tracked("*.css") for line in text(path).split("\n") if OF_ANYTHING.search(line)] == []


def test_every_template_is_used():
    places = [*map(shown, templates()), *map(text, product_files())]
    unused = []
    for path in templates():
        name = path.partition("templates/")[2]
        dynamic = re.sub(r"[\w-]+\.(html|txt)$", "", name)  # f"tickets/mail/{kind}.txt"
        used = any(name in place for place in places) or any(f"{dynamic}{{" in place for place in places if dynamic)
        if not used and not FOUND_BY_NAME.match(path.removeprefix("policies/")):
            unused.append(path)
    assert unused == []


def test_builtin_tag_libraries_are_not_loaded():
    """The tags of i18n and static are built into every template (TEMPLATES in config/settings.py)."""
    loaded = {(path, found) for path in templates() for found in re.findall(r"{% load ([^%]*)", text(path))}
    assert {(path, found) for path, found in loaded if {"i18n", "static"} & set(found.split())} == set()


def test_every_url_name_in_templates_exists():
    known = {name for _pattern, name, _view in patterns() if name}
    used = {(path, name) for path in templates() for name in re.findall(r"{%\s*url\s+[\"']([\w:-]+)[\"']", shown(path))}
    assert len(used) > 20
    assert {(path, name) for path, name in used if name not in known} == set()


def test_template_texts_are_translated():
    """Two English words between tags that are in no translation would reach only English readers."""
    wordy = re.compile(r">\s*([A-Z][a-z]+(?: [a-z’']+)+)[.…]?\s*<")
    inside = re.compile(r"{%\s*(translate|blocktranslate|trans|blocktrans)\b.*?%}.*?{%\s*end(blocktranslate|blocktrans)\s*%}", re.DOTALL)
    bare = {
        (path, found)
        for path in templates()
        if path.endswith(".html")
        for found in wordy.findall(inside.sub("", re.sub(r"<(script|style)\b.*?</\1>", "", shown(path), flags=re.DOTALL)))
    }
    assert bare == set()


def test_email_texts_are_translated():
    translated = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{%.*?%}|{{.*?}}(#\w+)?", re.DOTALL)
    mails = [path for path in templates() if path.endswith(".txt")]
    bare = {(path, word) for path in mails for word in re.findall(r"[A-Za-z]{2,}", translated.sub("", shown(path)))}
    assert len(mails) > 20 and {(path, word) for path, word in bare if word not in ("Careline", "UTC")} == set()


def test_no_template_marks_text_as_safe():
    """People's texts are escaped; nothing marks them as safe."""
    risky = re.compile(r"\|\s*safe\b|{%\s*autoescape off|mark_safe|\|\s*safeseq\b")
    asking = {path for path in (*templates(), *product_files()) if path.endswith((".html", ".py")) and risky.search(text(path))}
    # Help texts are ours; those of passwords are a list in HTML.
    assert asking == {"templates/components/field.html"}


def test_no_template_has_inline_code():
    code = re.compile(r"\son[a-z]+\s*=|\sstyle\s*=|javascript:|hx-on|hx-vals\s*=\s*[\"']js:", re.IGNORECASE)
    assert [(path, found) for path in templates() if path.endswith(".html") for found in code.findall(shown(path))] == []


def test_focused_elements_are_announced_once():
    """An alert would be announced once more; a focused paragraph is read by Orca as its name, and then as its text."""
    twice = re.compile(r'role="alert" tabindex="-1" autofocus|<p[^>]*tabindex="-1"[^>]*autofocus')
    assert [(path, found) for path in templates() for found in twice.findall(shown(path))] == []


def test_every_table_has_a_name():
    named = re.compile(r"<table(?:[^>]*\s(?:aria-label|aria-labelledby|role)=|[^>]*>\s*(?:{%[^%]*%}\s*)?<caption)")
    assert [
        (path, found) for path in templates() for found in re.findall(r"<table[^>]*>[^<]*<\w+", shown(path)) if not named.match(found)
    ] == []
