"""Texts of generated tickets, assembled from parts, with precomputed search vectors."""

import itertools
import random

OPENINGS = ("Hello,", "Good morning,", "Dear team,", "Hi,", "")
CAUSES = (
    "the branch in {place} closes this month",
    "our customer in {place} has moved to another building",
    "the reception in {place} gets a new system",
    "a technician checked the wiring in {place} twice",
    "the accountant in {place} found a difference",
    "the handsets in {place} restart every morning",
)
WISHES = (
    "please tell us when this is done",
    "could you confirm the date",
    "we need an answer before the next invoice",
    "please call us if anything is missing",
    "the documents are attached",
    "let us know what it costs",
)
PLACES = ("Bergen", "Turin", "Leeds", "Graz", "Porto", "Malmo", "Ghent", "Cork", "Tampere", "Lyon", "Brno", "Austin", "Zephyrville")
MESSAGES = 3000


def texts(chance):
    """Yield this many different messages; the last place occurs in one of three hundred only, for searches for a rare word."""
    common = list(itertools.product(OPENINGS, CAUSES, WISHES))
    for number in range(MESSAGES):
        opening, cause, wish = chance.choice(common)
        place = PLACES[-1] if number % 300 == 0 else chance.choice(PLACES[:-1])
        yield f"{opening} {cause.format(place=place)}, {wish}. Reference {chance.randrange(10**6):06}.".strip().capitalize()


def write(cursor):
    """Create the temporary table load_text(id, body, vector)."""
    cursor.execute("CREATE TEMPORARY TABLE load_text (id int PRIMARY KEY, body text, vector tsvector) ON COMMIT DROP")
    with cursor.copy("COPY load_text (id, body) FROM STDIN") as copy:
        for number, text in enumerate(texts(random.Random(7))):  # noqa: S311 – not used for secrets
            copy.write_row((number, text))
    cursor.execute("UPDATE load_text SET vector = setweight(to_tsvector('english', body), 'B')")
