import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0008_ways'),
    ]

    operations = [
        migrations.AlterField(
            model_name='decision',
            name='reason',
            field=models.CharField(choices=[('passed', 'Passed'), ('urgent', 'Urgent'), ('vip', 'Vip'), ('disabled', 'Disabled'), ('expired', 'Expired'), ('no_channel', 'No Channel'), ('silenced', 'Silenced'), ('inhibited', 'Inhibited'), ('category_muted', 'Category Muted'), ('below_min_urgency', 'Below Min Urgency'), ('below_relevance', 'Below Relevance'), ('not_assigned', 'Not Assigned'), ('redundant', 'Redundant'), ('daily_cap', 'Daily Cap'), ('budget', 'Budget'), ('min_interval', 'Min Interval'), ('snoozed', 'Snoozed'), ('quiet_hours', 'Quiet Hours'), ('batched', 'Batched')], max_length=24),
        ),
        migrations.AddField(
            model_name='preference',
            name='interruption_budget',
            field=models.PositiveSmallIntegerField(blank=True, help_text='At most so many interruptions a day, kept for what is worth most. Empty: none.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)]),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('interruption_budget', None), ('interruption_budget__range', (1, 1000)), _connector='OR'), name='preference_budget_range'),
        ),
    ]
