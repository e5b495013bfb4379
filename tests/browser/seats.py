"""Browser contexts that are used by one test after the other (docs/decisions/0410)."""

PATIENCE = 60_000  # ms; long enough for a busy machine
LOOK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light", "reduced_motion": "reduce"}


class Seats:
    """Contexts with nobody signed in and nothing stored, as if new; one that a test keeps `alone` is closed when the test ends."""

    def __init__(self, browser):
        self.browser, self.free, self.taken = browser, [], []

    def take(self, url, *, alone=False, **options):
        """Return a seat at the site of this URL; `alone`: a new one, in which anything can be changed, with these options."""
        seat = self.free.pop() if self.free and not alone else Seat(self.browser, url, alone, options)
        self.taken.append(seat)
        return seat

    def clear(self):
        """End a test: close its pages and forget what they stored."""
        while self.taken:
            seat = self.taken.pop()
            seat.leave()
            if not seat.alone:
                self.free.append(seat)


class Seat:
    """A browser context. Unless it is `alone`, an empty page keeps its process and cached files alive between tests."""

    def __init__(self, browser, url, alone, options):
        self.context = browser.new_context(base_url=url, **LOOK, **options)
        self.context.set_default_timeout(PATIENCE)
        self.alone, self.url, self.listeners = alone, url, []
        if not alone:
            self.blank = self.context.new_page()
            self.blank.goto("/robots.txt")
            self.cleaner = self.context.new_cdp_session(self.blank)

    def listen(self, event, listener):
        """Listen for this event of all pages until the test ends."""
        self.context.on(event, listener)
        self.listeners.append((event, listener))

    def leave(self):
        """Close the pages, drop cookies and stored data, and listen no longer."""
        if self.alone:
            self.context.close()
            return
        for page in self.context.pages:
            if page != self.blank:
                page.close()
        for event, listener in self.listeners:
            self.context.remove_listener(event, listener)
        self.listeners.clear()
        self.context.clear_cookies()
        self.cleaner.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "local_storage,indexeddb,service_workers"})
