"""The page of a PBX: LIC-5, one PBX with active licences per customer."""

from pbx.models import Licence, Pbx

SAYS = "more than one PBX with active licences"


def page(client, pbx):
    return client.get(f"/portal/pbxs/{pbx.serial}/").content.decode()


def test_two_active_pbxs_of_a_customer_are_flagged_unless_networked(client, cast):
    client.force_login(cast.nora)
    Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=5, monthly_price=8)
    assert SAYS not in page(client, cast.pbx)
    other = Licence.objects.create(pbx=cast.committed, licence_type="business", quantity=5, monthly_price=8)
    assert SAYS in page(client, cast.pbx) and SAYS in page(client, cast.committed)
    Pbx.objects.filter(pk=cast.pbx.pk).update(wms_role="server")
    Pbx.objects.filter(pk=cast.committed.pk).update(wms_role="client", wms_server=cast.pbx)
    assert SAYS not in page(client, cast.pbx) and SAYS not in page(client, cast.committed)
    Pbx.objects.filter(pk=cast.committed.pk).update(wms_role="standalone", wms_server=None)
    other.quantity = 0
    other.save()
    assert SAYS not in page(client, cast.pbx)


def test_non_user_licences_are_listed_if_any_exist(client, cast):
    client.force_login(cast.nora)
    for kind, quantity in (("business", 5), ("teams", 4), ("wizywebinar", 0)):
        Licence.objects.create(pbx=cast.pbx, licence_type=kind, quantity=quantity, monthly_price=8)
    shown = client.get(f"/portal/pbxs/{cast.pbx.serial}/")
    assert {fact["label"]: fact["value"] for fact in shown.context["facts"]}["Other licences"] == "4 × Teams4Wildix"
    listed = client.get("/portal/pbxs/").context["rows"]
    assert next(row for row in listed if row["sub"] == "PBX-FREE")["cells"][-1]["text"] == "5 × Business, 4 × Teams4Wildix"
