"""A page's requests are delayed, as on a slow line. They are held in the page: Playwright's routes miss one now and then."""

from tests.durability.stack import until

HOLD = """address => {
    const fetched = window.fetch, {open, send} = XMLHttpRequest.prototype, held = window.held = [];
    const asked = new WeakMap(), waits = url => String(url).includes(address);
    window.fetch = async (...given) => {
        if (waits(given[0])) await new Promise(go => held.push(go));
        return fetched(...given);
    };
    XMLHttpRequest.prototype.open = function (...given) { asked.set(this, given[1]); open.apply(this, given); };
    XMLHttpRequest.prototype.send = function (...given) {
        const go = () => send.apply(this, given);
        waits(asked.get(this)) ? held.push(go) : go();
    };
    window.letGo = () => {
        window.fetch = fetched;
        Object.assign(XMLHttpRequest.prototype, {open, send});
        held.forEach(go => go());
    };
}"""


class HeldRequests:
    """Hold the page's requests to one URL from now on."""

    def __init__(self, page, address):
        self.page = page
        page.evaluate(HOLD, address)

    def wait(self):
        """Wait until something is requested."""
        until(lambda: self.page.evaluate("held.length"), "a question")

    def let_go(self):
        self.page.evaluate("letGo()")
