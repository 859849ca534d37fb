import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0028_text_fingerprint'),
    ]

    operations = [
        migrations.AlterField(
            model_name='channelpreference',
            name='priority_threshold',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Empty: what is set more widely, and every priority in the end.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)]),
        ),
        # Nobody can tell any more who set these: they say what holds without them.
        migrations.RunSQL(
            "UPDATE notifications_channelpreference SET priority_threshold = NULL"
            " WHERE aura_id IS NULL AND priority_threshold = 1",
            "UPDATE notifications_channelpreference SET priority_threshold = 1"
            " WHERE priority_threshold IS NULL",
        ),
        migrations.RunSQL(
            "UPDATE notifications_channelpreference AS narrow SET priority_threshold = NULL"
            " WHERE narrow.aura_id IS NOT NULL AND narrow.priority_threshold = coalesce("
            "(SELECT wide.priority_threshold FROM notifications_channelpreference AS wide"
            " WHERE wide.user_id = narrow.user_id AND wide.channel = narrow.channel"
            " AND wide.aura_id IS NULL), 1)",
            migrations.RunSQL.noop,
        ),
    ]
