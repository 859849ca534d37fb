import apps.core.identifiers
import django.db.models.deletion
import django.db.models.functions.datetime
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
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('type', models.CharField(choices=[('event_accepted', 'Event Accepted'), ('event_processed', 'Event Processed'), ('event_unowned', 'Event Unowned'), ('event_quarantined', 'Event Quarantined'), ('event_replayed', 'Event Replayed'), ('notification_delivered', 'Notification Delivered'), ('notification_failed', 'Notification Failed'), ('notification_read', 'Notification Read'), ('task_dead_lettered', 'Task Dead Lettered'), ('task_retried', 'Task Retried'), ('auth_succeeded', 'Auth Succeeded'), ('auth_failed', 'Auth Failed'), ('auth_token_reused', 'Auth Token Reused'), ('webhook_rejected', 'Webhook Rejected'), ('idempotency_conflict', 'Idempotency Conflict'), ('config_changed', 'Config Changed'), ('personal_data_revealed', 'Personal Data Revealed'), ('circuit_changed', 'Circuit Changed')], max_length=40)),
                ('severity', models.CharField(choices=[('debug', 'Debug'), ('info', 'Info'), ('warning', 'Warning'), ('error', 'Error'), ('critical', 'Critical')], max_length=10)),
                ('occurred_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('message', models.CharField(max_length=300)),
                ('subject', models.CharField(blank=True, help_text='What it is about: kind:id.', max_length=60)),
                ('metadata', models.JSONField(default=dict)),
                ('correlation_id', models.UUIDField(null=True)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('business', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.business')),
                ('parent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='audit.auditevent')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['-occurred_at'], name='audit_when'), models.Index(fields=['type', '-occurred_at'], name='audit_type_when'), models.Index(fields=['severity', '-occurred_at'], name='audit_severity_when'), models.Index(fields=['correlation_id'], name='audit_correlation'), models.Index(fields=['subject'], name='audit_subject'), models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='audit_parent'), models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor'], name='audit_actor')],
            },
        ),
    ]
