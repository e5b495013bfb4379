"""An agent's hands on the keyboard: nothing here points or clicks. Any obstacle to keyboard use fails the test."""

import os
import re
from contextlib import contextmanager
from pathlib import Path

from tests.browser.axe import problems, problems_in_dark
from tests.browser.pages import expect, overflow
from tests.durability.stack import until

# Whether something covers all of the focused element (WCAG 2.4.11). A checkbox drawn by its label is seen as the label.
HIDDEN = """const hidden = focused => {
    const seen = focused.matches("[type=radio], [type=checkbox]") && focused.closest("label") || focused;
    const box = [...seen.getClientRects()].find(one => one.width && one.height) ?? seen.getBoundingClientRect();
    const inside = (at, size) => [.5, .1, .9].map(part => at + size * part);
    const tops = inside(box.left, box.width).flatMap(x => inside(box.top, box.height).map(y => document.elementFromPoint(x, y)));
    return !tops.some(top => top && (seen.contains(top) || top.contains(seen)));
};"""
# Elements that begin beyond the left edge, where no scrolling leads.
CUT_OFF = """() => {
    const scrolled = one => Boolean(one) && (one.scrollLeft > 0 || scrolled(one.parentElement));
    return [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.left < 0 && box.right > 0 && one.checkVisibility() && !one.closest(".visually-hidden, .skip") && !scrolled(one);
    }).map(one => one.outerHTML.slice(0, 120));
}"""
# Where the focus is: on the wanted element, or the number of Tab stops before or behind it.
STOP = (
    f"wanted => {{ {HIDDEN}"
    + """
    const focused = document.activeElement, nowhere = !focused || focused === document.body;
    if (focused === wanted) return {hidden: hidden(focused)};
    const after = (one, other) => Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const back = !nowhere && after(focused, wanted), [from, until] = back ? [wanted, focused] : [focused, wanted];
    const stops = one => { // of radio buttons that belong together only one is
        const group = [...document.getElementsByName(one.name)].filter(other => other.type === "radio" && other.form === one.form);
        return one.type !== "radio" || one === (group.find(other => other.checked) ?? group.at(back ? -1 : 0));
    };
    const between = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(one =>
        one.tabIndex >= 0 && !one.disabled && one.checkVisibility() && after(one, from) && after(until, one) && stops(one));
    const skips = focused.matches(".skip") && Boolean(wanted.closest("main"));
    return {back, skips, steps: nowhere ? 1 : between.length + 1, name: focused.outerHTML.slice(0, 120)};
}"""
)
WHERE = (
    f"() => {{ {HIDDEN}"
    + """
    const focused = document.activeElement;
    return focused === document.body ? null : {name: focused.outerHTML.slice(0, 160), hidden: hidden(focused)};
}"""
)
# Announcements to screen readers from now on, in order, in `heard`.
HEARD = """() => {
    const region = document.querySelector("#announce");
    window.heard = [];
    new MutationObserver(() => region.textContent && heard.push(region.textContent)).observe(region, {childList: true});
}"""
PROMISE = 5  # seconds within which news appears by itself; pages poll every four, which leaves one for the response
PICTURES = os.environ.get("PICTURES")  # a folder: every state is saved there as a picture


class KeyboardUser:
    """One person at one page, in a window of one width."""

    def __init__(self, page, flow):
        self.page, self.flow = page, flow
        self.wrong = []
        self.file = None  # the file to choose when the browser asks for one
        page.on("filechooser", lambda chooser: chooser.set_files(self.file))
        self.asked = set()  # what the page waits for
        page.on("request", lambda request: self.asked.add(request))
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: self.asked.discard(request))

    def open(self, address):
        """Type an address."""
        self.page.goto(address)
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.type(text)

    def to(self, selector):
        """Press Tab, or Shift-Tab if it is behind, until the focus is on the first of these; past the rail by the skip link.

        The presses are counted first, because checking after each takes time; miscounts are corrected.
        """
        wanted = self.page.locator(selector).first
        for _try in range(60):
            stop = wanted.evaluate(STOP)
            if "hidden" in stop:
                if stop["hidden"]:
                    self.wrong.append(f"{selector} has the focus, but lies under something.")
                return wanted
            if stop["skips"]:
                self.press("Enter")
                self.at("main")
                continue
            self.press(*["Shift+Tab" if stop["back"] else "Tab"] * min(stop["steps"], 30))
        self._draw("stuck")
        raise AssertionError(f"{selector} is out of reach of the Tab key; the focus is at {stop['name']}.")

    def push(self, selector):
        """Go to a button or link and press Enter."""
        self.to(selector)
        self.press("Enter")

    def tick(self, selector):
        """Go to a checkbox or disclosure and press Space."""
        self.to(selector)
        self.press("Space")

    def fill(self, selector, text):
        """Go to a field and type over its content."""
        self.to(selector)
        self.press("Control+a")
        self.write(text)

    def walk(self):
        """Press Tab from the beginning of the page to its end; return the number of stops. None of them may be covered."""
        for stops in range(250):
            self.press("Tab")
            if not (stop := self.page.evaluate(WHERE)):
                return stops
            if stop["hidden"]:
                self.wrong.append(f"Under something: {stop['name']}")
        raise AssertionError(f"The Tab key does not come to an end; the focus is at {stop['name']}.")

    def choose(self, selector, label):
        """Go to a select and press the arrow until it shows this."""
        select = self.to(selector)
        self.press("Home")
        for _press in range(select.locator("option").count()):
            if label in select.evaluate("element => element.selectedOptions[0]?.textContent ?? ''"):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{selector} does not offer {label}.")

    def rail(self, name):
        """Go to an entry of the rail, which a small window hides behind its button, and some of it under "More"."""
        if self.page.locator(".rail-toggle").is_visible():
            self.push(".rail-toggle")
        if self.page.locator(f".rail-group:not([open]) a:has-text('{name}')").count():
            self.push(f".rail-group:has(a:has-text('{name}')) summary")
        self.push(f".rail-body a:has-text('{name}')")

    def sees(self, text, where="body"):
        """Wait until this text is there, however long a busy machine takes."""
        self.page.locator(where).filter(has_text=text).first.wait_for()

    @contextmanager
    def news(self, *selectors):
        """The result of the block is on the page, in all of these places, when PROMISE seconds have passed on its clock.

        The page must be `timed`: its clock has stood still since it was opened, except for them, so a page that polls later never shows it.
        The response time of the machine is not counted.
        """
        until(lambda: self.page.evaluate("true") and not self.asked, "what is asked with the page")
        yield
        self.page.clock.run_for(PROMISE * 1000)
        for selector in selectors:
            self.page.locator(selector).first.wait_for(state="attached")
        self.page.clock.resume()

    def holds(self, text, field):
        """Wait until this is part of the field's content."""
        expect(self.page.locator(field)).to_have_value(re.compile(re.escape(text)))

    def arrives(self, pattern):
        """Wait until the URL matches."""
        self.page.wait_for_url(re.compile(pattern))

    def at(self, selector):
        """Wait until the focus is there: it must not get lost when a part of the page is replaced."""
        self.page.locator(f"{selector}:focus").wait_for()

    def look(self, state):
        """Check the page as it is now: axe, nothing beyond the window's edge, and a picture if wanted; its colours in dark as well."""
        page = self.page
        page.wait_for_load_state()
        page.locator(".htmx-request").first.wait_for(state="detached")
        wrong = problems(page)
        wrong += [f"{pixels} px too wide"] if (pixels := overflow(page)) else []
        wrong += [f"Cut off at the left: {name}" for name in page.evaluate(CUT_OFF)]
        self._draw(state)
        wrong += problems_in_dark(page)
        self._draw(f"{state}-dark")
        page.emulate_media(color_scheme="light")
        self.wrong += [f"{state}: {text}" for text in wrong]

    def _draw(self, state):
        if PICTURES:
            name = f"{self.flow}-{state}-{self.page.viewport_size['width']}.png".replace(" ", "_")
            self.page.screenshot(path=Path(PICTURES) / name)
