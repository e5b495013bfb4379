"""Files that are not proper CSV, or not the right one: every problem is reported in its place, and the rest is still read."""

import pytest


def test_byte_order_mark_and_windows_line_ends_are_accepted(good, load):
    changes = load({name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in good.items()})
    assert {change.file: change.created for change in changes}["partners.csv"] == 2


def test_columns_may_be_in_any_order(good, load):
    good["items.csv"] = "stock,name,code,hwaas_monthly_price,capex_price\n3,Desk phone,DP,4.50,119\n3,Gateway,GW,4.50,119\n"
    load(good)


def test_blank_lines_are_skipped_but_counted(good, refused):
    good["items.csv"] = "code,name,capex_price,hwaas_monthly_price,stock\n\nDP,Desk phone,119,4.5,0\n\nGW,Gateway,x,12.90,7\n\n"
    assert refused(good) == [("items.csv", 5, "capex_price", "“x” is not an amount of 0 or more with a decimal point.")]


def test_line_numbers_are_right_after_a_multiline_row(good, refused):
    good["items.csv"] = 'code,name,capex_price,hwaas_monthly_price,stock\nDP,"Desk\nphone",119,4.5,0\nGW,Gateway,395,12.90,x\n'
    assert [problem[:3] for problem in refused(good)] == [("items.csv", 2, "name"), ("items.csv", 4, "stock")]


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("code,name,capex_price,hwaas_monthly_price", [("stock", "is missing from the header.")]),
        ("code,name,capex_price,hwaas_monthly_price,stock,colour", [("colour", "is not a column of this file.")]),
        ("code,name,capex_price,hwaas_monthly_price,stock,code", [("code", "appears twice in the header.")]),
        (
            "code,name,Capex_price,hwaas_monthly_price,stock",
            [("Capex_price", "is not a column of this file."), ("capex_price", "is missing from the header.")],
        ),
    ],
)
def test_wrong_header_is_reported(header, problems, good, refused):
    good["items.csv"] = f"{header}\nDP,Desk phone,119,4.5,0\n"
    # The devices, which refer to the items, are not blamed for a file that could not be read.
    assert refused(good) == [("items.csv", 1, *problem) for problem in problems]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 0, "is empty: the first line must name the columns."),
        (b"\xef\xbb\xbf\r\n\r\n", 0, "is empty: the first line must name the columns."),
        ("code,name\nDP,Desk phone\n".encode("utf-16"), 0, "is UTF-16 or not a text file: save it as CSV, in UTF-8."),
        (b"code,name\rDP,Desk phone\r", 0, "has old Mac line endings (CR): save it as CSV with Windows or Unix line endings."),
        (b"PK\x03\x04\x14\0\x06", 0, "is a spreadsheet or an archive, not a CSV file: save it as CSV, in UTF-8."),
        (b"code;name;stock\nDP;Desk phone;0\n", 1, "separates its cells with semicolons: use commas."),
        (b"code\tname\tstock\nDP\tDesk phone\t0\n", 1, "separates its cells with tabs: use commas."),
    ],
)
def test_non_csv_file_is_reported_once(content, line, reason, good, refused):
    good["items.csv"] = content
    assert refused(good) == [("items.csv", line, "", reason)]


def test_invalid_utf_8_is_reported(good, refused):
    good["resellers.csv"] = good["resellers.csv"].encode().replace("Küste".encode(), "Küste".encode("latin-1"))
    good["items.csv"] = good["items.csv"].replace("119", "-119")
    assert refused(good) == [
        ("resellers.csv", 2, "", "is not UTF-8: byte 0xFC at position 8."),
        ("items.csv", 2, "capex_price", "“-119” is not an amount of 0 or more with a decimal point."),
    ]


def test_unclosed_quote_is_reported(good, refused):
    good["items.csv"] = 'code,name,capex_price,hwaas_monthly_price,stock\nDP,"Desk phone,119,4.5,0\nGW,Gateway,395.00,12.90,7\n'
    assert refused(good) == [("items.csv", 2, "", "is not valid CSV (unexpected end of data); the rest of the file was not read.")]


def test_every_error_of_every_file_is_reported(good, refused):
    good["partners.csv"] = good["partners.csv"].replace("Europe/Rome", "Rome").replace("DE,EU", "XX,EU")
    good["dids.csv"] = good["dids.csv"].replace("new", "old")
    good["calls.csv"] = good["calls.csv"].replace(",out,", ",up,")
    assert [problem[:3] for problem in refused(good)] == [
        ("partners.csv", 2, "country"),
        ("partners.csv", 3, "timezone"),
        ("dids.csv", 2, "kind"),
        ("dids.csv", 5, "kind"),
        ("dids.csv", 6, "kind"),
        ("calls.csv", 2, "direction"),
        ("calls.csv", 4, "direction"),
    ]
