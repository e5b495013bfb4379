"""Nord's activity: tickets in several states with messages, notes and files. None of it may reach anybody else."""

import datetime
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import BonusTerms, Invoice, InvoiceLine, LedgerEntry, MonthlyResult
from classound.models import Call
from desk.models import Automation, AutomationRun, BulkChange, BulkJob, CannedAnswer, Macro, Rehearsal, RehearsedRequest, SavedView
from estate.models import ImportRun
from hwaas.models import Order
from inbound.models import InboundMail
from partners import team
from partners.models import ApiToken, EndUser, Reseller
from pbx.models import ConsoleReport, PbxMove
from policies.models import PolicyValue, Proposal
from tests.cast import make_commitment, make_device, make_did, make_pbx
from tests.thorough import share
from tickets.models import Confirmation
from tickets.services import agent_actions, conversation, execution, submission
from tickets.types import TYPES
from webhooks.models import Webhook

SAID = "Please take the number of the Quillfeather branch away."
ANSWERED = "The Quillfeather branch is known to us."
NOTED = "Zanzibar note: this customer pays late, ask the accountant first."

# What only Nord (and staff) may read; digits are compared without the spaces between them.
SECRETS = (
    "Nord Telecom",
    "Nora Nord",
    "nord.example",
    "Kiel IT",
    "kiel.example",
    "Bakery",
    "E-BAKERY",
    "R-NORD",
    "PBX-FREE",
    "Pbx-Free",
    "PBX-COMMITTED",
    "SN-OWNED",
    "SN-SERVICE",
    "SN-SCARCE",
    "498981000",
    "Quillfeather",
    "INV-NORD",
    "ORD-NORD",
    "CALL-NORD",
    "TRACK-NORD",
    "paper-for-all",
)
# What only staff may read.
INTERNAL = ("Zanzibar", "inside-view", "Override of old")


def text_file(name):
    return SimpleUploadedFile(name, b"Some words.", content_type="text/plain")


def build(cast, now):
    """Return the cast with Nord's tickets: `said` (messages, note, files), `ported` (executed, charged), `sent_back` (RMA), `moved`
    (consents)."""
    s = SimpleNamespace(**vars(cast), now=now)
    _said(s, cast, now)
    _carried_out(s, cast, now)
    asked = {"reseller": cast.north_reseller.code, "new_partner": cast.albion.code, "description": "The Quillfeather branch moves."}
    s.moved = _submit(cast, "reseller_transfer", now, **asked)
    s.link = Confirmation.objects.get(ticket=s.moved, party="subject").renew_link(expires_at=now + datetime.timedelta(days=5))
    s.invitation = team.invite(
        cast.nord, email="quinn@quillfeather.example", full_name="Quinn Quillfeather", label="", actor=cast.nora, at=now
    )
    s.invited = s.invitation.renew(by=cast.nora, at=now, expires_at=now + datetime.timedelta(days=5))
    s.view = SavedView.objects.create(owner=cast.agent, name="Quillfeather", query="topic=HWaaS", is_shared=True, created_at=now)
    s.tickets = (s.said, s.ported, s.sent_back, s.moved)
    s.imported = ImportRun.objects.create(is_rehearsal=True, state="refused", by=s.admin, asked_at=now, files=[{"name": "dids.csv"}])
    ImportRun.objects.filter(pk=s.imported.pk).update(problems=[["dids.csv", 2, "pbx", "Nord Telecom has none."]], problem_count=1)
    _papers(s)
    _tools(s)
    return s


def _tools(s):
    """The desk's records of bulk changes, macros, canned answers and automations."""
    actions = [{"do": "tag", "value": "quillfeather"}]
    times = {"created_at": s.now, "moved_at": s.now}
    job = BulkJob.objects.create(by=s.agent, title="Tag", actions=actions, total=1, done=1, state="done", query="view=all", **times)
    BulkChange.objects.create(job=job, ticket=s.said, before={}, after={}, done_at=s.now, error="Quillfeather is closed.")
    macro = Macro.objects.create(title="Quillfeather first", owner=s.agent, actions=actions)
    canned = CannedAnswer.objects.create(title="Greeting of Quillfeather", body="Dear {requester.name}", owner=s.agent)
    automation = Automation.objects.create(title="Tag", when="submitted", actions=actions, changed_by=s.lead, changed_at=s.now)
    AutomationRun.objects.create(automation=automation, ticket=s.said, key="event:1", at=s.now, done_at=s.now, did=["Tag"])
    moments = {"valid_from": s.now.date(), "asked_at": s.now, "moved_at": s.now, "finished_at": s.now}
    told = Rehearsal.objects.create(code="fee.did_transfer", value="75", note="Prices", by=s.admin, total=1, judged=1, **moments)
    side = {"outcome": "allowed", "costs": {"EUR": "75"}, "possible_from": None}
    RehearsedRequest.objects.create(rehearsal=told, ticket=s.said, effect="dearer", before=side, after=side)
    s.tools = {"jobs": job, "macros": macro, "answers": canned, "automations": automation, "rehearsals": told}


def _said(s, cast, now):
    s.said = _submit(cast, "did_cancel", now, dids=[cast.did.number], message=SAID)
    s.paper = _file(conversation.reply(s.said.pk, SAID, author=cast.nora, at=now, files=[text_file("paper-for-all.txt")]))
    conversation.reply(s.said.pk, ANSWERED, author=cast.agent, at=now)
    InboundMail.objects.create(digest="d", received_at=now, outcome="taken", sender=cast.nora.email, user=cast.nora, ticket=s.said)
    s.inside = _file(conversation.note(s.said.pk, NOTED, author=cast.agent, at=now, files=[text_file("inside-view.txt")]))
    agent_actions.assign(s.said.pk, cast.agent, actor=cast.agent, at=now)


def _carried_out(s, cast, now):
    new_date = (cast.porting.porting_date + datetime.timedelta(days=10)).isoformat()
    s.ported = _executed(
        cast,
        now,
        _submit(cast, "porting_date_change", now, did=cast.porting.number, requested_date=new_date, acknowledge_not_guaranteed="on"),
    )
    s.sent_back = _executed(
        cast,
        now,
        _submit(
            cast,
            "rma",
            now,
            serial=cast.phone.serial,
            kind="warranty",
            fault="The display stays dark.",
            replacement="new",
            delivery_address="Quillfeather Lane 1",
        ),
    )
    porting_date = cast.porting.porting_date
    make_did("+498981000404", cast.pbx, kind="ported", status="ordered", porting_date=porting_date, porting_confirmed=True)


def _papers(s):
    """Invoice, order, call, licence, a changed policy value and API tokens."""
    s.invoice = Invoice.objects.create(number="INV-NORD-1", partner=s.nord, issued_on=s.today, currency="EUR")
    InvoiceLine.objects.create(invoice=s.invoice, line=1, description="Quillfeather lines", quantity=2, unit_price="10.00")
    BonusTerms.objects.create(partner=s.nord, target="5000.00")
    MonthlyResult.objects.create(partner=s.nord, month=datetime.date(2022, 3, 1), result="6000.00")
    s.order = Order.objects.create(
        number="ORD-NORD-1",
        partner=s.nord,
        country="DE",
        placed_on=s.today,
        dispatched_on=s.today,
        carrier="DHL",
        tracking_number="TRACK-NORD",
    )
    Call.objects.create(call_id="CALL-NORD-1", did=s.did, started_at=s.now, seconds=60, direction="in", destination="+4989810004")
    s.did.emergency_locations.create(
        number=s.did.number,
        user_name="Erika Quillfeather",
        street="Quillfeather Lane 2",
        postcode="24103",
        city="Kiel",
        country="DE",
        source="ticket:1",
        requested_on=s.today,
    )
    s.pbx.special_numbers.create(number="116117", purpose="The Quillfeather doctors", source="ticket:1", asked_on=s.today)
    s.pbx.licences.create(licence_type="business", quantity=5, monthly_price="9.00")
    ConsoleReport.objects.create(pbx=s.pbx, registered_users=7, wms_role="client", wms_server="PBX-COMMITTED", reported_at=s.now)
    s.shop = EndUser.objects.create(code="E-BAKERY-SHOP", partner=s.nord, name="Bakery shop", country="DE")
    PbxMove.objects.create(pbx=s.pbx, partner=s.nord, from_end_user=s.shop, to_end_user=s.bakery, moved_by=s.nora, moved_at=s.now)
    PolicyValue.objects.create(code="did.minimum_term_months", valid_from=s.today, value="6 months", note="Override of old", set_by=s.admin)
    later = s.now + datetime.timedelta(days=30)
    s.proposal = Proposal.objects.create(
        code="did.minimum_term_months", valid_from=later, value="7 months", note="Zanzibar note: not yet", proposed_by=s.admin
    )
    s.webhook = Webhook.objects.create(partner=s.nord, url="https://nord.example/quillfeather", made_by=s.nora, made_at=s.now, seen_event=0)
    s.call = s.webhook.calls.create(event=s.tickets[0].events.filter(is_internal=False).first(), made_at=s.now)
    s.tokens = {user.pk: ApiToken.issue(user, expires_at=later) for user in (s.nora, s.sara, s.agent, s.lead, s.admin)}


def values(s):
    """Return {(beginning of the pattern, argument): [value]} for every argument of every URL; all of them name Nord's things."""
    mail = "0" * 19 + "-00000000"
    return {
        ("", "number"): [ticket.pk for ticket in s.tickets],
        ("", "code"): ["did_cancel"],
        **{("", name): [s.paper.pk, s.inside.pk] for name in ("pk", "file_id")},
        ("", "kind"): ["csv", "xlsx"],
        ("", "token"): [s.link, "no-such-link"],
        ("", "party"): ["subject"],
        ("", "name"): [mail],
        ("", "key"): ["abc-def"],
        ("portal/requests/new/", "code"): list(share(TYPES, 6)),
        ("portal/requests/new/", "field"): ["dids", "did", "serial", "reseller"],
        ("portal/requests/<int:number>/steps/", "code"): ["shipped", "carrier_outcome"],
        ("desk/<int:number>/steps/", "code"): ["carrier_outcome", "received"],
        **{(place, "code"): ["did.minimum_term_months"] for place in ("admin/", "desk/policies/")},
        ("admin/policies/proposal/", "pk"): [s.proposal.pk],
        ("admin/estate/importrun/", "pk"): [s.imported.pk],
        **{key: ["1"] for key in (("", "uidb36"), ("admin/", "content_type_id"), ("admin/r/", "object_id"))},
        ("admin/", "app_label"): ["partners"],
        ("admin/", "url"): ["nowhere/"],
        **{(place, "serial"): [s.pbx.serial] for place in ("portal/pbxs/", "desk/pbxs/")},
        ("documents/", "number"): [s.invoice.number],
        ("usage/", "month"): [f"{s.now:%Y-%m}"],
        ("help/", "slug"): ["minimum-term-of-numbers"],
        ("desk/team/", "pk"): [s.agent.pk],
        **{(place, "code"): [s.nord.code] for place in ("desk/accounts/", "usage/", "ledger/")},
        ("desk/views/", "pk"): [s.view.pk],
        ("desk/reports/", "table"): ["volume", "money"],
        **_values_of_the_api(s),
        **_values_of_the_company(s),
        **{(f"desk/{place}/", "pk"): [thing.pk] for place, thing in s.tools.items()},
    }


def _values_of_the_api(s):
    return {
        ("api/v1/ticket-types/", "code"): list(share(TYPES, 6)),
        ("api/v1/tickets/<int:number>/steps/", "code"): ["shipped", "carrier_outcome"],
        ("api/v1/dids/", "number"): [s.did.number, s.range.number],
        ("api/v1/devices/", "serial"): [s.phone.serial],
        ("api/v1/pbxs/", "serial"): [s.pbx.serial],
        ("api/v1/end-users/", "code"): [s.bakery.code],
        ("api/v1/resellers/", "code"): [s.north_reseller.code],
        ("api/v1/orders/", "number"): [s.order.number],
        ("api/v1/invoices/", "number"): [s.invoice.number],
        ("api/v1/policies/", "code"): ["did.minimum_term_months"],
        ("api/v1/rules/", "code"): ["DID-1"],
    }


def _values_of_the_company(s):
    return {
        ("portal/webhooks/", "pk"): [s.webhook.pk],
        ("portal/webhooks/", "call"): [s.call.pk],
        ("account/invitation/", "token"): [s.invited, "no-such-link"],
        ("", "person"): [s.nora.pk],
        ("", "invitation"): [s.invitation.pk],
        ("", "reseller"): [s.north_reseller.pk],
        ("", "end_user"): [s.bakery.pk],
        ("", "api_token"): [s.nora.api_tokens.get().pk],
        ("desk/partners/", "partner"): [s.nord.pk],
    }


def more_rows(s, *places):
    """Add one more of everything that Nord's lists show for each place, a one-digit number."""
    for place in places:
        _submit(s, "did_cancel", s.now, dids=[make_did(f"+49898100{6000 + place}", s.pbx, activated_on=s.did.activated_on).number])
        _papers_of(s, place)


def _papers_of(s, place):
    reseller = Reseller.objects.create(code=f"R-MORE-{place}", partner=s.nord, name=f"More {place}")
    EndUser.objects.create(code=f"E-MORE-{place}", partner=s.nord, reseller=reseller, name=f"More {place}")
    team.invite(s.nord, email=f"more-{place}@nord.example", full_name="More", label="", actor=s.nora, at=s.now)
    ApiToken.issue(s.nora, name="More", expires_at=s.now + datetime.timedelta(days=30))
    pbx = make_pbx(f"PBX-MORE-{place}", s.bakery, s.today)
    make_commitment(pbx, s.today, 1)
    pbx.licences.create(licence_type="basic", quantity=1, monthly_price="1.00")
    ConsoleReport.objects.create(pbx=pbx, registered_users=3, wms_role="client", wms_server="PBX-FREE", reported_at=s.now)
    make_pbx(f"PBX-LIFE-{place}", s.bakery, s.today, term="lifetime", wms_version="5.04").licences.create(
        licence_type="basic", quantity=1, monthly_price="1.00"
    )
    make_device(f"SN-MORE-{place}", s.item, pbx, ordered_on=s.today)
    make_device(f"SN-HWAAS-{place}", s.item, s.pbx, ownership="hwaas", billing_starts_on=s.service.billing_starts_on)  # free to leave
    make_did(f"+49898100{7000 + place}", s.pbx, status="ordered", porting_date=s.porting.porting_date, porting_confirmed=True)
    LedgerEntry.objects.create(
        partner=s.nord,
        kind="fee",
        fee="x",
        title="Fee",
        amount="1.00",
        currency="EUR",
        source=f"ticket:{s.said.pk}{place}",
        created_at=s.now,
    )
    invoice = Invoice.objects.create(number=f"INV-MORE-{place}", partner=s.nord, issued_on=s.today, currency="EUR")
    InvoiceLine.objects.create(invoice=invoice, line=1, description="Lines", quantity=1, unit_price="1.00")


def _submit(cast, code, now, **fields):
    """Submit a request of Nora's, whatever it costs."""
    form = TYPES[code].form(fields, partner=cast.nord)
    assert form.is_valid(), form.errors
    cost = submission.judge(TYPES[code], form.answers(), today=now.date()).price
    return submission.submit(submission.Request(TYPES[code], form, cast.nora, cost), at=now)


def _executed(cast, now, ticket):
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    return ticket


def _file(event):
    return event.attachments.get()
