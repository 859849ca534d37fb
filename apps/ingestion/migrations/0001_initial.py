import apps.core.fields
import apps.core.identifiers
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('slug', models.SlugField(help_text='The last part of the address it posts to, after /webhooks/.', max_length=60, unique=True)),
                ('kind', models.CharField(help_text='The shape of its bodies.', max_length=32)),
                ('scheme', models.CharField(choices=[('standard_webhooks', 'Standard Webhooks'), ('composio', 'Composio'), ('discourse', 'Discourse'), ('basic', 'Basic'), ('hmac', 'Hmac')], help_text='How it proves itself.', max_length=32)),
                ('audience', models.CharField(choices=[('linked', 'The person whose account it is'), ('members', 'Everybody in the business')], default='linked', max_length=16)),
                ('enabled', models.BooleanField(default=True)),
                ('tolerance_seconds', models.PositiveIntegerField(blank=True, help_text='How old a signature may be; empty means the default.', null=True)),
                ('per_minute', models.PositiveIntegerField(blank=True, help_text='Bodies a minute; empty means the default.', null=True)),
                ('allowed_networks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=43), blank=True, default=list, help_text='Networks it may post from, e.g. 203.0.113.0/24; empty means any.', size=None)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='accounts.business')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RawEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('token', models.UUIDField(editable=False, null=True)),
                ('claim_count', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('correlation_id', models.UUIDField(unique=True)),
                ('dedup_key', models.BinaryField(max_length=32)),
                ('body', apps.core.fields.EncryptedBinaryField()),
                ('body_digest', models.BinaryField(max_length=32)),
                ('headers', models.JSONField(default=dict)),
                ('event_type', models.CharField(blank=True, max_length=120)),
                ('accounts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=240), default=list, size=None)),
                ('occurred_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('state', models.CharField(choices=[('received', 'Received'), ('processing', 'Processing'), ('retry', 'Retry'), ('done', 'Done'), ('skipped', 'Skipped'), ('unowned', 'Unowned'), ('quarantined', 'Quarantined'), ('dead', 'Dead')], default='received', max_length=12)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('finished_at', models.DateTimeField(null=True)),
                ('business', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.business')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='raw_events', to='ingestion.source')),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('view_raw_body', 'Can see the body of a raw event')],
            },
        ),
        migrations.CreateModel(
            name='ProfileValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.CharField(max_length=200)),
                ('field', models.CharField(max_length=100)),
                ('value', apps.core.fields.EncryptedTextField()),
                ('as_of', models.DateTimeField()),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='profile_values', to='ingestion.source')),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('ordinal', models.PositiveSmallIntegerField(default=0)),
                ('correlation_id', models.UUIDField(db_index=True)),
                ('kind', models.CharField(choices=[('email', 'Email'), ('calendar', 'Calendar'), ('profile', 'Profile'), ('news', 'News'), ('account', 'Account')], max_length=16)),
                ('event_type', models.CharField(max_length=120)),
                ('external_id', models.CharField(blank=True, max_length=300)),
                ('thread_key', models.CharField(blank=True, max_length=300)),
                ('title', apps.core.fields.EncryptedTextField()),
                ('content', apps.core.fields.EncryptedTextField()),
                ('truncated', models.BooleanField(default=False)),
                ('sender_name', apps.core.fields.EncryptedTextField()),
                ('sender_address', apps.core.fields.EncryptedTextField()),
                ('sender_index', models.BinaryField(max_length=16, null=True)),
                ('details', apps.core.fields.EncryptedJSONField()),
                ('content_digest', models.BinaryField(max_length=32)),
                ('fingerprint', models.BigIntegerField()),
                ('occurred_at', models.DateTimeField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('business', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='accounts.business')),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='accounts.client')),
                ('duplicate_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='ingestion.event')),
                ('previous', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ingestion.event')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('raw_event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='ingestion.rawevent')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ingestion.source')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SourceSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('value', apps.core.fields.EncryptedTextField()),
                ('last_four', models.CharField(editable=False, max_length=4)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('not_after', models.DateTimeField(blank=True, help_text='Empty means no end.', null=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='ingestion.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WatchedField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('name', models.CharField(help_text='As the platform names it; case is ignored.', max_length=100)),
                ('meaning', models.CharField(choices=[('job_title', 'Job title (judged by the title rules)'), ('plain', 'Any other field')], default='plain', max_length=16)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watched_fields', to='ingestion.source')),
            ],
        ),
        migrations.AddIndex(
            model_name='rawevent',
            index=models.Index(condition=models.Q(('state__in', ['received', 'processing', 'retry'])), fields=['due_at', 'id'], name='raw_event_due'),
        ),
        migrations.AddIndex(
            model_name='rawevent',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('state', 'unowned')), fields=['accounts'], name='raw_event_unowned'),
        ),
        migrations.AddIndex(
            model_name='rawevent',
            index=models.Index(condition=models.Q(('state__in', ['unowned', 'quarantined', 'dead'])), fields=['state', '-id'], name='raw_event_trouble'),
        ),
        migrations.AddIndex(
            model_name='rawevent',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['received_at'], name='raw_event_received'),
        ),
        migrations.AddConstraint(
            model_name='rawevent',
            constraint=models.UniqueConstraint(fields=('source', 'dedup_key'), name='raw_event_once'),
        ),
        migrations.AddConstraint(
            model_name='profilevalue',
            constraint=models.UniqueConstraint(fields=('source', 'person_id', 'field'), name='profile_value_once'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['user', '-id'], name='event_user_page'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('user__isnull', True)), fields=['business', '-id'], name='event_business_page'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['user', 'content_digest'], name='event_fold'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('thread_key', ''), _negated=True), fields=['user', 'thread_key', '-id'], name='event_thread'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('client__isnull', False)), fields=['client'], name='event_client'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('previous__isnull', False)), fields=['previous'], name='event_previous'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('duplicate_of__isnull', False)), fields=['duplicate_of'], name='event_duplicate_of'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('raw_event', 'ordinal'), name='event_once'),
        ),
        migrations.AddConstraint(
            model_name='watchedfield',
            constraint=models.UniqueConstraint(models.F('source'), django.db.models.functions.text.Lower('name'), name='watched_field_once'),
        ),
    ]
