"""A year and more of monthly invoices, and two at the end of the time in which an invoice can be disputed."""

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


def make(_made, today):
    """The rows of invoices.csv and invoice_lines.csv."""
    issued = [today.replace(day=1) - span(months=ago) for ago in range(MONTHS)]
    issued += [today - span(years=1), today - span(years=1, days=1)]
    invoices, lines = [], []
    for company in PARTNERS:
        for index, day in enumerate(issued):
            number = f"INV-{company.code}-{index + 1:03}"
            invoices.append((number, company.code, day, day + DUE_AFTER, company.currency))
            start = (index + int(company.code[-1])) % len(LINES)
            chosen = (LINES + LINES)[start : start + 2 + index % 3]
            lines += [(number, line, what, count + index, price) for line, (what, count, price) in enumerate(chosen, 1)]
    return {"invoices.csv": invoices, "invoice_lines.csv": lines}
