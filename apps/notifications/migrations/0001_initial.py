import apps.core.fields
import apps.core.identifiers
import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('ingestion', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('token', models.UUIDField(editable=False, null=True)),
                ('claim_count', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('channel', models.CharField(max_length=24)),
                ('correlation_id', models.UUIDField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('claimed', 'Claimed'), ('attempting', 'Attempting'), ('retry', 'Retry'), ('unknown', 'Unknown'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('expired', 'Expired'), ('dead', 'Dead')], default='pending', max_length=12)),
                ('attempt_count', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('reason', models.CharField(blank=True, db_default='', max_length=60)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('correlation_id', models.UUIDField()),
                ('outcome', models.CharField(choices=[('notify_now', 'Notify Now'), ('digest', 'Digest'), ('defer', 'Defer'), ('drop', 'Drop')], max_length=12)),
                ('reason', models.CharField(choices=[('passed', 'Passed'), ('urgent', 'Urgent'), ('vip', 'Vip'), ('disabled', 'Disabled'), ('expired', 'Expired'), ('category_muted', 'Category Muted'), ('below_min_urgency', 'Below Min Urgency'), ('below_relevance', 'Below Relevance'), ('redundant', 'Redundant'), ('daily_cap', 'Daily Cap'), ('min_interval', 'Min Interval'), ('quiet_hours', 'Quiet Hours'), ('batched', 'Batched')], max_length=24)),
                ('trace', models.JSONField()),
                ('due_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='ingestion.event')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DeliveryAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(choices=[('sending', 'Sending'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('unknown', 'Unknown')], default='sending', max_length=10)),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('finished_at', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, db_default='', max_length=40)),
                ('error', models.CharField(blank=True, db_default='', help_text='Redacted.', max_length=300)),
                ('provider_message_id', models.CharField(blank=True, db_default='', max_length=120)),
                ('delivery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='notifications.delivery')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('correlation_id', models.UUIDField()),
                ('title', apps.core.fields.EncryptedTextField()),
                ('body', apps.core.fields.EncryptedTextField()),
                ('category', models.CharField(choices=[('security_code', 'Security Code'), ('meeting', 'Meeting'), ('message', 'Message'), ('newsletter', 'Newsletter'), ('account', 'Account'), ('expansion', 'Expansion'), ('risk', 'Risk'), ('leadership', 'Leadership'), ('funding', 'Funding'), ('product', 'Product'), ('partnership', 'Partnership'), ('legal', 'Legal'), ('news', 'News'), ('other', 'Other')], max_length=16)),
                ('priority', models.PositiveSmallIntegerField()),
                ('fingerprint', models.BigIntegerField()),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('queued', 'Queued'), ('delivered', 'Delivered'), ('read', 'Read'), ('failed', 'Failed'), ('expired', 'Expired')], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('delivered_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('business', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.business')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notification', to='notifications.decision')),
                ('event', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='ingestion.event')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='notification',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.notification'),
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('enabled', models.BooleanField(default=True)),
                ('min_urgency', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], default='low', max_length=8)),
                ('relevance_threshold', models.FloatField(default=0.0, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)])),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, help_text='Empty means all.', null=True, size=None)),
                ('frequency', models.CharField(choices=[('instant', 'Instant'), ('batch', 'Batch'), ('daily', 'Daily'), ('weekly', 'Weekly')], default='instant', max_length=8)),
                ('digest_time', models.TimeField(default=datetime.time(9, 0))),
                ('digest_weekday', models.PositiveSmallIntegerField(default=0, help_text='0 is Monday.', validators=[django.core.validators.MaxValueValidator(6)])),
                ('quiet_hours_enabled', models.BooleanField(default=False)),
                ('quiet_start', models.TimeField(blank=True, null=True)),
                ('quiet_end', models.TimeField(blank=True, null=True)),
                ('quiet_policy', models.CharField(choices=[('defer', 'Defer'), ('digest', 'Digest'), ('drop', 'Drop')], default='defer', max_length=8)),
                ('time_zone', models.CharField(default='UTC', help_text='IANA name.', max_length=64)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('local_date', models.DateField()),
                ('count', models.PositiveIntegerField()),
                ('last_at', models.DateTimeField()),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'tallies',
            },
        ),
        migrations.CreateModel(
            name='ChannelPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('channel', models.CharField(max_length=24)),
                ('enabled', models.BooleanField(default=True)),
                ('max_per_day', models.PositiveIntegerField(blank=True, help_text="Empty: the tier's.", null=True)),
                ('priority_threshold', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('aura', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.aura')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='channel_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'aura', 'channel'), name='channel_preference_once', nulls_distinct=False)],
            },
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('user', 'event'), name='decision_once'),
        ),
        migrations.AddConstraint(
            model_name='deliveryattempt',
            constraint=models.UniqueConstraint(fields=('delivery', 'number'), name='attempt_once'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(fields=['user', '-created_at', '-id'], name='notification_page'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('delivered_at__isnull', False)), fields=['user', '-delivered_at', '-public_id'], name='notification_inbox'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('status', 'delivered')), fields=['user', '-id'], name='notification_unread'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'claimed', 'attempting', 'retry', 'unknown'])), fields=['due_at', 'id'], name='delivery_due'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notification', 'channel'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('relevance_threshold__range', (0.0, 1.0))), name='preference_threshold_range'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_hours_enabled', False), models.Q(('quiet_start__isnull', False), ('quiet_end__isnull', False), models.Q(('quiet_start', models.F('quiet_end')), _negated=True)), _connector='OR'), name='preference_quiet_hours_whole'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('user', 'local_date'), name='tally_once'),
        ),
    ]
