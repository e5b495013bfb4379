"""Services for a partner's team and its API tokens (ORG-2). Each expects the caller's transaction; e-mails are sent on commit."""

from functools import partial

from django.db import transaction

from engine.outages import Overtaken
from partners import account_emails, rules, sessions
from partners.audit_log import CompanyEvent, record
from partners.invitations import Invitation
from partners.models import Partner
from partners.sign_in import password_mail
from partners.users import ApiToken, User
from policies.days import moment_after
from policies.models import PolicyValue

Kind = CompanyEvent.Kind


def invite(partner, *, email, full_name, label, actor, at):
    """Invite an address to the team, or renew its invitation with the given details. Does the same whoever has the address."""
    _locked(partner, actor)
    known = Invitation.objects.open().select_for_update().filter(partner=partner, email=email).first()
    invitation = known or Invitation(partner=partner, email=email)
    kind = Kind.INVITED_AGAIN if invitation.pk else Kind.INVITED
    invitation.full_name, invitation.label = full_name, label
    _send(invitation, actor, at)
    record(partner, kind, invitation, actor=actor, at=at)
    return invitation


def invite_again(invitation, *, actor, at):
    """Send an open invitation again; earlier links stop working."""
    _locked(invitation.partner, actor)
    invitation = _still_open(invitation)
    _send(invitation, actor, at)
    record(invitation.partner, Kind.INVITED_AGAIN, invitation, actor=actor, at=at)


def withdraw(invitation, *, actor, at):
    """Withdraw an open invitation; its link stops working."""
    _locked(invitation.partner, actor)
    invitation = _still_open(invitation)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record(invitation.partner, Kind.WITHDRAWN, invitation, actor=actor, at=at)


def _still_open(invitation):
    """Return the invitation as it is now, locked. Raise NotPossible if it was accepted or withdrawn since it was shown."""
    found = Invitation.objects.open().select_for_update().filter(pk=invitation.pk).first()
    rules.require(rules.invitation_is_open(invitation, is_open=found is not None))
    return found


def accept(secret, password, *, at):
    """Create the invited contact and return the User, or None if the link is no longer valid or the address is now in use."""
    invitation = Invitation.objects.behind(secret, now=at).select_for_update().first()
    if invitation is None or User.objects.filter(email=invitation.email).exists():
        return None
    person = User.objects.create_user(
        invitation.email, password, full_name=invitation.full_name, label=invitation.label, partner=invitation.partner, date_joined=at
    )
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    record(invitation.partner, Kind.JOINED, invitation, actor=person, at=at)
    return person


def change(person, partner, *, full_name, label, actor, at):
    """Change the name and the label (GEN-5: it is for sorting and grants nothing)."""
    _locked(partner, actor, person)
    rules.require(rules.is_contact_of(person, partner))
    before = _described(person)
    person.full_name, person.label = full_name, label
    if _described(person) != before:
        person.save(update_fields=["full_name", "label"])
        record(partner, Kind.CHANGED, person.email, actor=actor, at=at, detail=f"{before} → {_described(person)}")


def end_access(person, partner, *, actor, at):
    """End a contact's access immediately. Sessions and API tokens end and are not restored with the access."""
    _locked(partner, actor, person)
    rules.require(rules.is_contact_of(person, partner))
    colleagues = User.objects.filter(partner=partner, is_active=True, last_login__isnull=False).exclude(pk=person.pk)
    rules.require(rules.somebody_keeps_access(person, actor=actor, others=colleagues.count()))
    if deactivate(person, at=at):
        note_access(person, partner, actor=actor, at=at)


def deactivate(person, *, at):
    """Deactivate an account, end its sessions and revoke its API tokens. Return whether it was active."""
    was_open = User.objects.select_for_update(no_key=True).get(pk=person.pk).is_active
    person.is_active = False
    # Sessions depend on the password, so one started at this very moment is invalid if access is later restored.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    sessions.end(person)
    person.api_tokens.filter(revoked_at=None).update(revoked_at=at)
    return was_open


def give_access(person, partner, *, actor, at):
    """Restore a contact's access and e-mail a link to set a new password."""
    _locked(partner, actor, person)
    rules.require(rules.is_contact_of(person, partner))
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    note_access(person, partner, actor=actor, at=at)
    mail_link(person)


def note_access(person, partner, *, actor, at):
    """Record that access was ended or restored, depending on the current state."""
    kind = Kind.ACCESS_GIVEN if person.is_active else Kind.ACCESS_ENDED
    record(partner, kind, _named(person), actor=actor, at=at)


def send_link(person, partner, *, actor, at):
    """E-mail the link to set a password to a contact who has not signed in yet."""
    _locked(partner, actor, person)
    rules.require([*rules.is_contact_of(person, partner), *rules.access_has_not_ended(person)])
    record(partner, Kind.INVITED_AGAIN, _named(person), actor=actor, at=at)
    mail_link(person)


def first_link(person, *, actor, at):
    """E-mail the link to set a password to a contact or member of staff who has not signed in yet."""
    if person.partner:
        send_link(person, person.partner, actor=actor, at=at)
    else:
        mail_link(person)


def make_token(user, *, name, expires_at, at):
    """Create an API token for the user and return its secret, which is not stored. Raise NotPossible if their access has just ended,
    Overtaken if they have just created one of this name."""
    rules.require(rules.actor_has_access(User.objects.select_for_update(no_key=True).get(pk=user.pk)))
    if user.api_tokens.valid(at=at).filter(name=name).exists():
        raise Overtaken(name)
    if user.partner_id:
        record(user.partner, Kind.TOKEN_MADE, name, actor=user, at=at)
    return ApiToken.issue(user, name=name, expires_at=expires_at)


def revoke_token(token, *, at):
    """Revoke a token permanently; its program is refused from now on."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at) and token.user.partner_id:
        record(token.user.partner, Kind.TOKEN_REVOKED, token.name or token.pk, actor=token.user, at=at)


def _locked(partner, actor, person=None):
    """Serialise changes to a team, so that two colleagues cannot lock each other out at the same time. Read the person concerned anew."""
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    rules.require(rules.actor_has_access(User.objects.get(pk=actor.pk)))
    if person:
        person.refresh_from_db()


def _send(invitation, actor, at):
    lifetime = PolicyValue.objects.book(on=at.date()).value("invitation.lifetime")
    secret = invitation.renew(by=actor, at=at, expires_at=moment_after(at, lifetime))
    transaction.on_commit(partial(account_emails.send_later, invitation.mail(secret)))


def mail_link(person):
    """E-mail a contact or member of staff that they have an account, with the link to set its password."""
    mail = password_mail(person, "team_access" if person.partner_id else "invitation")
    transaction.on_commit(partial(account_emails.send_later, mail))


def _named(person):
    return f"{person.full_name} ({person.email})"


def _described(person):
    return ", ".join(filter(None, (person.full_name, str(person.get_label_display()))))
