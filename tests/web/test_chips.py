"""Chips above a list, each a link that changes one filter."""

from web.chips import chips


def test_filter_keeps_the_others_and_begins_with_the_first_page(rf):
    request = rf.get("/?kind=owned&state=bad&after=x&before=y&q=ohl")
    value, shown = chips(request, "state", (("new", "New"), ("used", "Used")), everything="All")
    assert (value, [chip["url"] for chip in shown]) == (
        "",
        ["?kind=owned&q=ohl", "?kind=owned&q=ohl&state=new", "?kind=owned&q=ohl&state=used"],
    )
