"""Run axe on a page: WCAG 2.2 AA, with colours and sizes checked on elements that represent all of their kind (docs/decisions/0367)."""

import importlib.resources
from pathlib import Path

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
BY_KIND = f"(() => {{ {Path(__file__).with_name('axe_by_kind.js').read_text()} }})()"
JUDGED = set()  # kinds of texts and targets that have passed, or that axe cannot judge


def problems(page):
    """Return the violations on the page as it is now, colours and sizes included: one line per rule with the first places."""
    if not page.evaluate("Boolean(window.axeByKind)"):
        page.evaluate(AXE)
        page.evaluate(BY_KIND)
    return page.evaluate("axeByKind.structure()") + _of_appearance(page)


def problems_in_dark(page):
    """Return the colour violations in the dark scheme, in which the page stays. Call after `problems`."""
    page.emulate_media(color_scheme="dark")
    return [f"In dark: {text}" for text in _of_appearance(page, with_targets=False)]


def _of_appearance(page, *, with_targets=True):
    wrong, judged = page.evaluate("([known, withTargets]) => axeByKind.appearance(known, withTargets)", [list(JUDGED), with_targets])
    JUDGED.update(() if wrong else judged)
    return wrong
