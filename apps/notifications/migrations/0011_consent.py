from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0010_promised_tallies'),
    ]

    operations = [
        migrations.AddField(
            model_name='channelpreference',
            name='verified_at',
            field=models.DateTimeField(editable=False, help_text='When its address was last shown to be theirs.', null=True),
        ),
        migrations.AlterField(
            model_name='decision',
            name='reason',
            field=models.CharField(choices=[('passed', 'Passed'), ('urgent', 'Urgent'), ('vip', 'Vip'), ('no_consent', 'No Consent'), ('disabled', 'Disabled'), ('expired', 'Expired'), ('no_channel', 'No Channel'), ('silenced', 'Silenced'), ('inhibited', 'Inhibited'), ('category_muted', 'Category Muted'), ('below_min_urgency', 'Below Min Urgency'), ('below_relevance', 'Below Relevance'), ('not_assigned', 'Not Assigned'), ('redundant', 'Redundant'), ('daily_cap', 'Daily Cap'), ('budget', 'Budget'), ('min_interval', 'Min Interval'), ('snoozed', 'Snoozed'), ('quiet_hours', 'Quiet Hours'), ('batched', 'Batched')], max_length=24),
        ),
    ]
