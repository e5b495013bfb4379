"""Commitments that renew, counts on a PBX, WMS networks and their possible upgrades."""

import datetime

from dateutil.relativedelta import relativedelta

from pbx.classound_counts import counted
from pbx.commitment_rules import how_it_ends, is_due_for_renewal, next_period, renewal_can_be_changed
from pbx.licence_rules import quantity_can_become
from pbx.lifetime_rules import upgrade_of
from pbx.models import Commitment, Licence, Pbx
from pbx.move_rules import is_open_to
from pbx.network_rules import (
    console_and_portal_agree,
    one_network_of_the_customer,
    users_fit_the_licences,
    users_keep_their_licences,
)
from tests.cases.facts import a_book
from tests.cases.facts.networks import a_network, a_system
from tests.cases.outside import found


def _commitments(facts):
    """Return the Commitment of the case and all `others` of its PBX, each as (start, years)."""
    pbx = Pbx(serial="P1", terminated_on=facts.get("terminated_on"))
    pairs = [(facts["starts_on"], facts["years"]), *facts.get("others", ())]
    rows = [
        Commitment(pbx=pbx, starts_on=start, years=years, ends_on=start + relativedelta(years=years), renews=facts["renews"])
        for start, years in pairs
    ]
    return rows[0], rows


def renewal(facts):
    """COM-6: the Commitment that the worker starts `today` after the one that began on `starts_on`."""
    commitment, others = _commitments(facts)
    if not is_due_for_renewal(commitment, others, today=facts["today"]):
        return []
    starts_on, ends_on = next_period(commitment)
    return [f"COM-6 {starts_on} to {ends_on}"]


def stated_end(facts):
    """COM-6: what is said about the end of the Commitment that began on `starts_on`."""
    finding = how_it_ends(_commitments(facts)[0])
    return [f"{finding.rule} {finding.effect} {finding.message}"]


def change_of_renewal(facts):
    """COM-6: whether staff can still set `today` that the Commitment renews, or does not."""
    commitment, others = _commitments(facts)
    return found(renewal_can_be_changed(commitment, others, today=facts["today"], field="renews"))


def counts(facts):
    """DID-11: FLAT licences, with the sum. DID-12: simultaneous calls per user. A fact named after a licence type is its quantity.

    `server` has the licences of the server whose network the client is in.
    """
    server = a_system(9, "server", licences=facts["server"]) if facts["role"] == "client" else None
    own = facts["licences"] | {kind: facts[kind] for kind in Licence.Type.values if kind in facts}
    pbx = a_system(1, facts["role"], server, licences=own)
    found_here = counted(pbx, has_numbers=facts["has_numbers"], book=a_book(facts["today"], facts.get("policies", ())))
    flat = [f"DID-11 {found_here.flat} FLAT: {found_here.sum}"] if found_here.flat else []
    return flat + [f"DID-12 {one.title}: {one.calls}" for one in found_here.licences if one.calls]


def several_networks(facts):
    """LIC-5: the flags of a PBX with this number of licences `here` whose customer has that number on another network (`there`)."""
    pbxs = {a_system(number, licences={"basic": facts[name]}): facts[name] for number, name in ((1, "here"), (2, "there"))}
    active = [pbx for pbx, count in pbxs.items() if count]
    return found(one_network_of_the_customer(next(iter(pbxs)), active, book=a_book(facts["today"]), today=facts["today"]))


def can_move(facts):
    """LIC-5: whether a PBX can move to another end user, each with its number of licences (`here`, `there`)."""
    is_open = is_open_to(bool(facts["here"]), bool(facts["there"]), book=a_book(facts["today"]), today=facts["today"])
    return [] if is_open else ["LIC-5 closed"]


def by_hand(facts):
    """The objections to changing 5 Basic licences by hand to another `quantity`, on a PBX that `expires_on` a day."""
    pbx = a_system(1, licences={"basic": 5}, expires_on=facts.get("expires_on"), terminated_on=facts.get("terminated_on"))
    at = datetime.datetime.combine(facts["today"], datetime.time(12), datetime.UTC)
    return found(quantity_can_become(pbx.licences.all()[0], facts["quantity"], [pbx], book=a_book(facts["today"]), at=at))


def users(facts):
    """LIC-6: `users` on one client and `others` on others against the `licences` of their server, as seen from each of the PBXs."""
    server, clients = a_network([facts["users"], *facts["others"]], facts["licences"])
    said = {tuple(found(users_fit_the_licences(pbx, book=a_book(facts["today"], facts.get("policies", ()))))) for pbx in (server, *clients)}
    return [line for lines in said for line in lines]


def fewer_licences(facts):
    """LIC-6: whether a server with these `users` on its client can lose this number (`fewer`) of its licences of a `kind`."""
    server, _clients = a_network([facts["users"]], facts["licences"])
    book = a_book(facts["today"])
    return found(users_keep_their_licences(server, {facts["kind"]: -facts["fewer"]}, book=book, field="quantity"))


def _seen_by_console(text):
    """Return (role, server, users) for "client of P9" as a console reports it; None for "nothing"."""
    role, _of, server = text.partition(" of ")
    return None if role == "nothing" else (role, server, 4)


def _in_portal(facts):
    """Return the PBX of a case as in the `portal`, and as its `console` reports it."""
    role, server, _users = _seen_by_console(facts["portal"])
    network = a_system(int(server[1:]), "server") if server else None
    console = _seen_by_console(facts["console"])
    return a_system(1, role, network, console=console, wms_version=facts["version"], read_only=facts["read_only"])


def console(facts):
    """LIC-10: the flags when the `console` reports this and the `portal` has that."""
    return found(console_and_portal_agree(_in_portal(facts), book=a_book(facts["today"])))


def upgrade(facts):
    """LIC-9: the WMS versions that the PBX can be upgraded to, and the objections (LIC-8, LIC-10)."""
    offer = upgrade_of(_in_portal(facts), book=a_book(facts["today"], facts.get("policies", ())))
    return ([f"LIC-9 to {offer.version}"] if offer.version else []) + found(offer.hindrances)
