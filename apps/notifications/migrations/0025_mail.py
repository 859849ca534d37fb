import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0024_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='channelpreference',
            name='muted_topics',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, db_default=models.Value([], output_field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)), default=list, help_text='Categories that are not told through this channel.', size=None),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('channel', 'email')), fields=['-id'], name='delivery_mails'),
        ),
    ]
