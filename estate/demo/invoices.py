"""Monthly invoices of more than a year, two of them at the end of the dispute period, and the results of bonus months."""

import datetime

from dateutil.relativedelta import relativedelta as span

from estate.demo.names import PARTNERS

MONTHS = 14
DUE_AFTER = datetime.timedelta(days=30)
LINES = (
    ("Business licences, monthly", 25, "11.00"),
    ("DIDs, monthly", 18, "1.50"),
    ("Call termination, area 1", 412, "0.02"),
    ("HWaaS desk phones, monthly", 9, "4.50"),
    ("LifeTime support, 1 year", 1, "480.00"),
    ("Number range, 100 numbers, monthly", 2, "23.77"),
)

# Results of the first partners in the months of the bonus programme: one keeps its increase, one loses it near the end.
RESULTS = {
    "DEMO1": (8200, 9400, 10150, 11020, 10400, 12100, 10800, 10050, 11300, 12750, 11900, 13400, 10900, 11250, 12010),
    "DEMO2": (7900, 10600, 11200, 10900, 10300, 11750, 12020, 10480, 10110, 11640, 10720, 12330, 10040, 8950),
}
FIRST_MONTH = datetime.date(2022, 1, 1)


def make(_made, today):
    """Return the rows of invoices.csv, invoice_lines.csv and bonus_results.csv."""
    issued = [today.replace(day=1) - span(months=ago) for ago in range(MONTHS)]
    issued = sorted([*issued, today - span(years=1), today - span(years=1, days=1)])  # numbered in the order of issue
    invoices, lines = [], []
    for company in PARTNERS:
        for index, day in enumerate(issued):
            number = f"INV-{company.code}-{index + 1:03}"
            invoices.append((number, company.code, day, day + DUE_AFTER, company.currency))
            start = (index + int(company.code[-1])) % len(LINES)
            chosen = (LINES + LINES)[start : start + 2 + index % 3]
            lines += [(number, line, what, count + index, price) for line, (what, count, price) in enumerate(chosen, 1)]
    results = [
        (code, f"{FIRST_MONTH + span(months=n):%Y-%m}", amount) for code, months in RESULTS.items() for n, amount in enumerate(months)
    ]
    return {"invoices.csv": invoices, "invoice_lines.csv": lines, "bonus_results.csv": results}
