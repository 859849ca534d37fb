from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='preference',
            name='assigned_clients_only',
            field=models.BooleanField(default=False, help_text='Of events about clients, only those of clients this person looks after.'),
        ),
        migrations.AddField(
            model_name='preference',
            name='quiet_ranges',
            field=models.JSONField(blank=True, default=list, help_text='Further quiet hours: [{"days": [5, 6], "start": "13:00", "end": "14:00"}].'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='reason',
            field=models.CharField(choices=[('passed', 'Passed'), ('urgent', 'Urgent'), ('vip', 'Vip'), ('disabled', 'Disabled'), ('expired', 'Expired'), ('no_channel', 'No Channel'), ('silenced', 'Silenced'), ('category_muted', 'Category Muted'), ('below_min_urgency', 'Below Min Urgency'), ('below_relevance', 'Below Relevance'), ('not_assigned', 'Not Assigned'), ('redundant', 'Redundant'), ('daily_cap', 'Daily Cap'), ('min_interval', 'Min Interval'), ('snoozed', 'Snoozed'), ('quiet_hours', 'Quiet Hours'), ('batched', 'Batched')], max_length=24),
        ),
    ]
