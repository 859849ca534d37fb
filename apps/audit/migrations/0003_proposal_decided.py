
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_feedback_given'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='type',
            field=models.CharField(choices=[('event_accepted', 'Event Accepted'), ('event_processed', 'Event Processed'), ('event_unowned', 'Event Unowned'), ('event_quarantined', 'Event Quarantined'), ('event_replayed', 'Event Replayed'), ('notification_delivered', 'Notification Delivered'), ('notification_failed', 'Notification Failed'), ('notification_read', 'Notification Read'), ('feedback_given', 'Feedback Given'), ('proposal_decided', 'Proposal Decided'), ('task_dead_lettered', 'Task Dead Lettered'), ('task_retried', 'Task Retried'), ('auth_succeeded', 'Auth Succeeded'), ('auth_failed', 'Auth Failed'), ('auth_token_reused', 'Auth Token Reused'), ('webhook_rejected', 'Webhook Rejected'), ('idempotency_conflict', 'Idempotency Conflict'), ('config_changed', 'Config Changed'), ('personal_data_revealed', 'Personal Data Revealed'), ('circuit_changed', 'Circuit Changed')], max_length=40),
        ),
    ]
