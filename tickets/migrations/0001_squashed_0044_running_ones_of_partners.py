import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What 0001 to 0044 make of an empty database, in one step: a first start takes three seconds of the processor less.

    A database that has run some of them goes on with the rest; whoever adds a migration here adds it after the last one. Ticket numbers
    have five digits from the first, so that nobody takes #7 for a list position.
    """

    replaces = [
        ('tickets', '0001_initial'),
        ('tickets', '0002_numbers_start_at_10001'),
        ('tickets', '0003_a_form_makes_one_ticket'),
        ('tickets', '0004_credits_and_answers'),
        ('tickets', '0005_views_of_the_desk'),
        ('tickets', '0006_desk_of_the_team'),
        ('tickets', '0007_indexes_of_the_desk'),
        ('tickets', '0011_notes_and_views_of_the_queue'),
        ('tickets', '0016_stamp_of_the_clocks'),
        ('tickets', '0017_index_of_the_stamp'),
        ('tickets', '0021_merged_and_linked'),
        ('tickets', '0031_opinions_on_the_timeline'),
        ('tickets', '0032_indexes_of_the_reports'),
        ('tickets', '0040_previews_of_attachments'),
        ('tickets', '0041_reversals_of_charges'),
        ('tickets', '0042_snoozed'),
        ('tickets', '0043_indexes_of_the_snoozed'),
        ('tickets', '0044_running_ones_of_partners'),
    ]

    initial = True

    dependencies = [
        ('partners', '0003_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeniedAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('type_code', models.CharField(max_length=40)),
                ('rule', models.CharField(max_length=20)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'type_code', 'rule'), name='denied_attempts_are_counted_by_day_type_and_rule')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('body_digest', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('response', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='a_user_uses_an_idempotency_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False, verbose_name='number')),
                ('type_code', models.CharField(max_length=40, verbose_name='type')),
                ('topic', models.CharField(max_length=20, verbose_name='topic')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('status', models.CharField(choices=[('new', 'New'), ('open', 'Open'), ('pending', 'Waiting for partner'), ('on_hold', 'On hold'), ('solved', 'Solved'), ('closed', 'Closed')], default='new', max_length=10, verbose_name='status')),
                ('outcome', models.CharField(blank=True, choices=[('executed', 'Executed'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('answered', 'Answered'), ('merged', 'Merged')], max_length=10, verbose_name='outcome')),
                ('reason', models.CharField(blank=True, choices=[('not_possible', 'Not possible under the policies'), ('unjustified', 'No justification was given'), ('incomplete', 'Information is missing'), ('declined', 'A party declined'), ('duplicate', 'Duplicate of another request'), ('other', 'Another reason, see the message')], max_length=20, verbose_name='reason')),
                ('waiting_for', models.CharField(blank=True, choices=[('', 'care team'), ('partner', 'partner'), ('carrier', 'carrier'), ('warehouse', 'warehouse'), ('parties', 'the parties’ confirmations')], max_length=10, verbose_name='waiting for')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Critical'), (2, 'Standard')], default=2, verbose_name='priority')),
                ('answers', models.JSONField(default=dict)),
                ('verdict', models.JSONField(default=dict)),
                ('policy_on', models.DateField(verbose_name='judged by the policies of')),
                ('execution', models.CharField(blank=True, choices=[('', 'not asked for'), ('requested', 'being executed'), ('done', 'executed'), ('refused', 'no longer possible'), ('failed', 'failed')], max_length=10, verbose_name='execution')),
                ('execution_requested_at', models.DateTimeField(blank=True, null=True)),
                ('execution_attempts', models.PositiveSmallIntegerField(default=0)),
                ('execution_verdict', models.JSONField(blank=True, null=True)),
                ('executed_at', models.DateTimeField(blank=True, null=True)),
                ('submission_key', models.UUIDField(blank=True, editable=False, null=True)),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('updated_at', models.DateTimeField(verbose_name='updated')),
                ('solved_at', models.DateTimeField(blank=True, null=True)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_tickets', to=settings.AUTH_USER_MODEL)),
                ('execution_requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='partners.partner')),
                ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to=settings.AUTH_USER_MODEL)),
                ('awaiting_since', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('first_answered_at', models.DateTimeField(blank=True, null=True)),
                ('first_due_at', models.DateTimeField(blank=True, null=True)),
                ('first_is_late', models.BooleanField(db_default=False, default=False)),
                ('first_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('is_satisfied', models.BooleanField(blank=True, null=True, verbose_name='satisfied')),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='tickets.ticket')),
                ('next_due_at', models.DateTimeField(blank=True, null=True)),
                ('next_is_late', models.BooleanField(db_default=False, default=False)),
                ('pauses', models.JSONField(blank=True, db_default=[], default=list)),
                ('rated_at', models.DateTimeField(blank=True, null=True)),
                ('reopened', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='times reopened')),
                ('satisfaction_note', models.CharField(blank=True, db_default='', default='', max_length=1000, verbose_name='what could have been better')),
                ('solution_is_late', models.BooleanField(db_default=False, default=False, verbose_name='solved late')),
                ('solve_due_at', models.DateTimeField(blank=True, null=True)),
                ('solve_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('solving_since', models.DateTimeField(blank=True, null=True)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None, verbose_name='tags')),
                ('warned_for', models.DateTimeField(blank=True, null=True)),
                ('search_internal', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('sla_stamp', models.IntegerField(db_default=-1, default=-1)),
                ('snoozed_until', models.DateTimeField(blank=True, null=True, verbose_name='snoozed until')),
            ],
            options={
                'ordering': ['-updated_at', '-number'],
                'indexes': [models.Index(fields=['status', '-updated_at', '-number'], name='ticket_queue'), models.Index(fields=['-updated_at', '-number'], name='ticket_all'), models.Index(fields=['-created_at', '-number'], name='ticket_newest'), models.Index(fields=['partner', '-updated_at', '-number'], name='ticket_of_partner'), models.Index(fields=['type_code', '-updated_at', '-number'], name='ticket_of_type'), models.Index(fields=['topic', '-updated_at', '-number'], name='ticket_of_topic'), models.Index(condition=models.Q(('execution', 'requested')), fields=['execution_requested_at'], name='ticket_to_execute'), django.contrib.postgres.indexes.GinIndex(fields=['search'], name='ticket_search'), models.Index(condition=models.Q(('execution__in', ['refused', 'failed'])), fields=['-updated_at', '-number'], name='ticket_not_executed'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), ('due_at__isnull', False)), fields=['due_at', 'number'], name='ticket_due'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['priority', 'number'], name='ticket_by_priority'), models.Index(condition=models.Q(('status', 'solved')), fields=['solved_at'], name='ticket_to_close'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='ticket_merged'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tags', []), _negated=True), fields=['tags'], name='ticket_of_tag'), models.Index(fields=['priority', 'number'], name='ticket_priority'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('search_internal__isnull', False)), fields=['search_internal'], name='ticket_search_internal'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['sla_stamp', 'number'], name='ticket_stale'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), ('due_at__isnull', False)), fields=['assignee', 'due_at'], name='ticket_due_of_assignee'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), ('awaiting_since__isnull', False)), fields=['assignee', 'awaiting_since'], name='ticket_awaiting'), models.Index(fields=['created_at'], include=('type_code', 'topic', 'partner', 'assignee', 'outcome', 'first_minutes', 'solve_minutes', 'first_is_late', 'next_is_late', 'solution_is_late', 'reopened', 'is_satisfied'), name='ticket_in_reports'), models.Index(condition=models.Q(('outcome', 'rejected')), fields=['created_at'], name='ticket_rejected'), models.Index(condition=models.Q(('is_satisfied__isnull', False)), fields=['created_at'], name='ticket_rated'), models.Index(condition=models.Q(('reopened__gt', 0)), fields=['created_at'], name='ticket_reopened'), models.Index(condition=models.Q(('first_is_late', True), ('next_is_late', True), ('solution_is_late', True), _connector='OR'), fields=['created_at'], name='ticket_late'), models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until', 'number'], name='ticket_snoozed'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['-updated_at', '-number'], include=('snoozed_until',), name='ticket_running'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), ('assignee', None)), fields=['-updated_at', '-number'], include=('snoozed_until',), name='ticket_unassigned'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), ('verdict__outcome', 'needs_review')), fields=['-updated_at', '-number'], include=('snoozed_until',), name='ticket_review'), models.Index(condition=models.Q(('status__in', ['pending', 'on_hold'])), fields=['-updated_at', '-number'], include=('snoozed_until',), name='ticket_waiting'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['assignee', '-updated_at', '-number'], include=('snoozed_until',), name='ticket_running_of_assignee'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['topic', '-updated_at', '-number'], include=('snoozed_until',), name='ticket_running_of_topic'), models.Index(condition=models.Q(('waiting_for', ''), _negated=True), fields=['waiting_for', '-updated_at', '-number'], include=('snoozed_until',), name='ticket_waiting_for'), models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['partner', '-updated_at', '-number'], name='ticket_running_of_partner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['solved', 'closed']), ('outcome', ''), _connector='OR'), name='only_a_solved_ticket_has_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_rejection_has_a_reason'), models.UniqueConstraint(fields=('requester', 'submission_key'), name='a_form_makes_one_ticket'), models.CheckConstraint(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold']), models.Q(('snoozed_until__isnull', False), _negated=True), _connector='OR'), name='only_a_running_ticket_is_snoozed')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('submitted', 'Submitted'), ('message', 'Message'), ('note', 'Internal note'), ('question', 'Question to the partner'), ('assigned', 'Assigned'), ('status', 'Status changed'), ('overridden', 'Finding overridden'), ('execution_requested', 'Execution started'), ('applied', 'Carried out'), ('answered', 'Answered'), ('refused', 'Not executed'), ('failed', 'Execution failed'), ('step', 'Step taken'), ('confirmation', 'Confirmation'), ('charge_due', 'Charge due'), ('posted', 'Posted to the account'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('solved', 'Solved'), ('reopened', 'Reopened'), ('attached', 'File attached'), ('followed', 'Followers changed'), ('linked', 'Linked'), ('rated', 'Opinion of the partner')], max_length=20)),
                ('at', models.DateTimeField()),
                ('body', models.TextField(blank=True)),
                ('is_internal', models.BooleanField(default=False)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='tickets.ticket')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['ticket', 'at', 'id'], name='event_of_ticket')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uploaded_at', models.DateTimeField()),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('file', models.FileField(upload_to='%Y/%m/')),
                ('is_internal', models.BooleanField(default=False)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.event')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.ticket')),
                ('preview_pages', models.PositiveSmallIntegerField(null=True)),
                ('preview_text', models.TextField(blank=True, db_default='')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('preview_pages', None)), fields=['-id'], name='attachment_without_preview')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('subject', 'Reseller or end user'), ('current_partner', 'Current partner'), ('new_partner', 'New partner')], max_length=20, verbose_name='party')),
                ('name', models.CharField(max_length=200, verbose_name='company')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('digest', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.CharField(blank=True, choices=[('agreed', 'Agreed'), ('declined', 'Declined')], max_length=10, verbose_name='decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='name of who decided')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.attachment')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='tickets.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'party'), name='a_party_confirms_a_ticket_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='a_decision_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='tickets.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followed', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'user'), name='a_person_follows_a_ticket_once')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('kind', models.CharField(max_length=30)),
                ('to', models.EmailField(max_length=254)),
                ('data', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('ticket', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='tickets.ticket')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['created_at'], name='mail_to_send')],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=20, verbose_name='rule')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ticket', 'rule'), name='a_rule_is_overridden_once_a_ticket')],
            },
        ),
        migrations.CreateModel(
            name='TicketCharge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fee', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=200)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('currency', models.CharField(choices=[('USD', 'Usd'), ('EUR', 'Eur'), ('GBP', 'Gbp')], max_length=3)),
                ('moment', models.CharField(max_length=30)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='tickets.ticket')),
                ('contingent', models.BooleanField(default=False)),
                ('kind', models.CharField(choices=[('fee', 'fee'), ('charge', 'charge'), ('credit_note', 'credit note'), ('reversal', 'reversal')], default='fee', max_length=12)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False), ('posted_at__isnull', True)), fields=['due_at'], name='charge_to_post'), models.Index(condition=models.Q(('posted_at__isnull', False)), fields=['posted_at'], name='charge_posted')],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'fee'), name='a_ticket_charges_a_fee_once'), models.CheckConstraint(condition=models.Q(('posted_at__isnull', True), ('due_at__isnull', False), _connector='OR'), name='a_posted_charge_was_due')],
            },
        ),
        migrations.CreateModel(
            name='TicketLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('related', 'belongs to'), ('merged', 'was merged into'), ('split', 'was split from'), ('follow_up', 'follows up on')], max_length=10)),
                ('at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked_by', to='tickets.ticket')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='tickets.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'other', 'kind'), name='two_tickets_are_linked_once_in_a_way'), models.CheckConstraint(condition=models.Q(('ticket', models.F('other')), _negated=True), name='a_ticket_is_not_linked_to_itself')],
            },
        ),
        migrations.RunSQL(
            'ALTER TABLE tickets_ticket ALTER COLUMN number RESTART WITH 10001',
            'ALTER TABLE tickets_ticket ALTER COLUMN number RESTART WITH 1',
        ),
    ]
