"""A policy's dated values on pages and in the API, and their chart."""

import datetime
from types import SimpleNamespace

from policies.book import PolicyBook
from policies.timeline import announced, timeline
from policies.timeline_chart import WIDTH, picture

TODAY = datetime.date(2026, 11, 18)


def added(day, value, basis=""):
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return SimpleNamespace(valid_from=day, value=value, basis=basis, note="Why", set_by="Ada", set_at=at)


def coded(row):
    return SimpleNamespace(code="fee.did_transfer", **vars(row))


def states(code, *rows):
    return [(entry.shown, entry.state) for entry in timeline(code, rows, TODAY).entries]


def test_first_value_is_in_force():
    dated = timeline("did.minimum_term_months", (), TODAY)
    assert dated.in_force.shown == "6 months"
    assert dated.in_force.since_ever
    assert (dated.announced, dated.past, dated.next) == ([], [], None)


def test_value_is_announced_until_the_day_before_it_starts():
    tomorrow = TODAY + datetime.timedelta(days=1)
    assert states("did.minimum_term_months", added(tomorrow, "7 months")) == [("6 months", "in_force"), ("7 months", "announced")]
    assert states("did.minimum_term_months", added(TODAY, "7 months")) == [("6 months", "past"), ("7 months", "in_force")]


def test_change_is_shown_with_the_value_just_before_it():
    rows = (added(datetime.date(2026, 6, 1), "60.00"), added(datetime.date(2027, 1, 1), "70.00"), added(datetime.date(2027, 6, 1), "80.00"))
    dated = timeline("fee.did_transfer", rows, TODAY)
    assert [(entry.shown, before.shown) for entry, before in dated.changes] == [("70.00", "60.00"), ("80.00", "70.00")]
    assert not dated.in_force.since_ever


def test_announced_changes_of_several_policies_are_ordered_by_their_start():
    later, sooner = datetime.date(2027, 6, 1), datetime.date(2027, 1, 1)
    transfer = timeline("fee.did_transfer", (added(datetime.date(2026, 1, 1), "60.00"), added(later, "70.00")), TODAY)
    minimum = timeline("did.minimum_term_months", (added(datetime.date(2026, 6, 1), "8 months"), added(sooner, "7 months")), TODAY)
    found = announced({dated.policy.code: dated for dated in (transfer, minimum)})
    changes = [(dated.policy.code, entry.shown, before.shown) for dated, entry, before, _differing in found]
    assert changes == [("did.minimum_term_months", "7 months", "8 months"), ("fee.did_transfer", "70.00", "60.00")]


def test_origin_based_value_keeps_the_older_one_for_older_things():
    january = datetime.date(2026, 1, 1)
    assert states("warranty.standard_years", added(january, "2 years", "origin")) == [("1 year", "older"), ("2 years", "in_force")]
    everybody = added(datetime.date(2026, 6, 1), "3 years", "request")
    assert states("warranty.standard_years", added(january, "2 years", "origin"), everybody) == [
        ("1 year", "past"),
        ("2 years", "past"),
        ("3 years", "in_force"),
    ]


def test_replaced_value_stays_on_record():
    day = datetime.date(2027, 1, 1)
    dated = timeline("fee.did_transfer", (added(day, "500.00"), added(day, "55.00")), TODAY)
    assert [(entry.shown, entry.state) for entry in dated.entries] == [
        ("50.00", "in_force"),
        ("500.00", "replaced"),
        ("55.00", "announced"),
    ]
    assert dated.next.shown == "55.00"
    assert [entry.shown for entry in dated.past] == ["500.00"]


def test_sentence_parts_separate_the_value():
    dated = timeline("fee.did_transfer", (added(TODAY, "65.00"),), TODAY)
    assert dated.parts[1] == "65.00" and "".join(dated.parts) == dated.sentence and all(dated.parts)


def test_withdrawn_announcement_is_no_change_but_stays_on_record():
    january, june = datetime.date(2027, 1, 1), datetime.date(2027, 6, 1)
    rows = (added(january, "65.00"), added(june, "80.00"), added(january, "50.00"))
    dated = timeline("fee.did_transfer", rows, TODAY)
    assert [(entry.shown, entry.state) for entry in dated.entries] == [
        ("50.00", "in_force"),
        ("65.00", "replaced"),
        ("50.00", "taken_back"),
        ("80.00", "announced"),
    ]
    assert [(entry.shown, before.shown) for entry, before in dated.changes] == [("80.00", "50.00")]
    assert dated.in_force.until == june and len(picture(dated, TODAY).bars) == 2
    today = (*rows, added(TODAY, "70.00"))
    assert [entry.shown for entry in timeline("fee.did_transfer", today, TODAY).announced] == ["80.00"], "what is taken back stays so"
    assert [dated.value for dated in PolicyBook(TODAY, [coded(row) for row in today]).timeline("fee.did_transfer")] == [
        "50.00",
        "70.00",
        "80.00",
    ]
    onwards = timeline("warranty.standard_years", (added(january, "1 year", "request"),), TODAY)
    assert onwards.next.shown == "1 year", "the same figure for other things is a change"


def test_repeated_value_is_no_change_until_the_earlier_is_withdrawn():
    january, june = datetime.date(2027, 1, 1), datetime.date(2027, 6, 1)
    rows = (added(june, "80.00"), added(january, "80.00"))
    dated = timeline("fee.did_transfer", rows, TODAY)
    assert [(entry.valid_from, entry.state) for entry in dated.entries[1:]] == [(january, "announced"), (june, "kept")]
    back = timeline("fee.did_transfer", (*rows, added(january, "50.00")), TODAY)
    assert [(entry.valid_from, entry.shown) for entry in back.announced] == [(june, "80.00")]
    assert dated.to_come[-1].valid_from == june, "who sets a value for a day between is told"


def test_chart_fills_its_width_without_gaps_or_overlaps():
    dated = timeline(
        "did.minimum_term_months", (added(datetime.date(2026, 3, 1), "7 months"), added(datetime.date(2027, 3, 1), "8 months")), TODAY
    )
    drawn = picture(dated, TODAY)
    assert drawn.bars[0].x == 0
    assert round(drawn.bars[-1].x + drawn.bars[-1].width) == WIDTH
    for left, right in zip(drawn.bars, drawn.bars[1:], strict=False):
        assert round(left.x + left.width, 1) == right.x
    assert drawn.bars[1].x < drawn.today_x < drawn.bars[2].x
