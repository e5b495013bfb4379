"""Run axe on a page: WCAG 2.2 AA, with colours checked on texts that represent all of their kind (docs/decisions/0367)."""

import importlib.resources

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TELL = """const tell = found => found.violations.map(one => `${one.id} (${one.impact}): ` +
    one.nodes.map(node => node.target + " " + node.html.slice(0, 200)).slice(0, 3).join(" | "));"""
WRONG = f"""async standards => {{ {TELL}
    const rules = {{"target-size": {{enabled: true}}, "color-contrast": {{enabled: false}}}};
    return tell(await axe.run(document, {{runOnly: standards, rules, preload: false, resultTypes: ["violations"]}}));
}}"""
# Most of axe's work is colour contrast, computed for every table cell separately. Texts of the same appearance on the same background are
# one kind, represented by three visible ones; a kind that has passed is not checked again, on whatever page it occurs.
COLOURS = f"""async passed => {{ {TELL}
    const kinds = new Map(), known = new Set(passed);
    const is_off = one => Boolean(one.closest(":disabled, [aria-disabled=true]") || one.closest("label")?.control?.disabled);
    const is_seen = (one, box = one.getBoundingClientRect()) =>
        box.width > 1 && box.height > 1 && one.checkVisibility({{opacityProperty: true, visibilityProperty: true}});
    const sort = (one, grounds) => {{
        const style = getComputedStyle(one);
        if (style.display === "none") return;
        grounds += `/${{style.backgroundColor}} ${{style.backgroundImage}} ${{style.opacity}} ${{style.position}}`;
        const says = one.matches("input, select, textarea") || [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (says && is_seen(one)) {{
            const kind = [grounds, style.color, style.fontSize, style.fontWeight, style.textShadow, is_off(one)].join("|");
            if (!known.has(kind)) kinds.set(kind, [...kinds.get(kind) ?? [], one].slice(0, 3));
        }}
        for (const part of one.children) sort(part, grounds);
    }};
    sort(document.documentElement, "");
    if (!kinds.size) return [[], []];
    const runOnly = {{type: "rule", values: ["color-contrast"]}};
    const only = {{runOnly, preload: false, resultTypes: ["violations", "passes"], elementRef: true}};
    const found = await axe.run({{include: [...kinds.values()].flat()}}, only);
    const well = new Set(found.passes.flatMap(one => one.nodes.map(node => node.element)));
    return [tell(found), [...kinds].filter(([_kind, texts]) => texts.some(text => well.has(text))).map(([kind]) => kind)];
}}"""
PASSED = set()


def problems(page):
    """Return the violations on the page as it is now, colours included: one line per rule with the first places."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    return page.evaluate(WRONG, STANDARDS) + _colours(page)


def problems_in_dark(page):
    """Return the colour violations in the dark scheme, in which the page stays. Call after `problems`."""
    page.emulate_media(color_scheme="dark")
    return [f"In dark: {text}" for text in _colours(page)]


def _colours(page):
    wrong, passed = page.evaluate(COLOURS, list(PASSED))
    PASSED.update(() if wrong else passed)
    return wrong
