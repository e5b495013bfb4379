"""What people, programs and attackers send instead of the expected input."""

HUGE = "9" * 400
WORDS = "word " * 20_000  # 100,000 characters
NUL = "a\x00b"
ODD = (
    "",
    " ",
    NUL,
    "\x00",
    HUGE,
    "-1",
    "0",
    "1e9",
    "NaN",
    "Infinity",
    "٠١٢٣",
    "²",
    "½",
    "\ud800",
    "\u202e",
    "%",
    "%%s",
    "{}",
    "{0.__class__}",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "null",
    "[]",
    "a:b:c",
    "-updated_at",
    "!",
    '"',
    "'",
    "\\",
    "or -and (",
    "+4989X81",
    "+498981000400",
    "#" + HUGE,
    "#0",
    "2026-02-30",
    "x" * 10_000,
)
# The few that go into each field separately; all of the above go into all fields at once.
WORST = (NUL, HUGE, "٠١٢٣")
# As sent on the wire, where a lone surrogate is possible although Django's client would not write one.
RAW = ("%ED%A0%80", "%00", "%FF%FE", "%E2%80%AE", "%", "%u0041", "%0d%0aSet-Cookie:x=1", "%D9%A1", "a=b=c", "&&&", ";")
DATES = (
    "2026-13-01",
    "31.12.2026",
    "12/31/2026",
    "0000-00-00",
    "9999-12-31",
    "2026-1-1",
    "٢٠٢٦-١٢-٣١",
    "tomorrow",
    "2026-12-31T00:00",
    NUL,
)
SUMS = ("-1", "-0", "NaN", "sNaN", "Infinity", "1e400", "1e-400", "50,00", "50.00 EUR", "٥٠", "0x32", HUGE, NUL, " 50", "50.00.00", "fifty")
ONCE = ("", "x", "0" * 32, "00000000-0000-0000-0000-000000000000", "{}", NUL, HUGE, "urn:uuid:", "ZZZZZZZZ-0000-0000-0000-000000000000")
NUMBERS = (
    "+4989X81",
    "+49X",
    "X",
    "+" + HUGE,
    "498981000400",
    "+390801234567",
    "++49",
    "+٤٩٨٩٨١",
    "+0",
    "+49898100050XXXX",
    NUL,
    "x" * 10_000,
)
