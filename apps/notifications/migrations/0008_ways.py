import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0007_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'presence',
            },
        ),
        migrations.AddField(
            model_name='notification',
            name='awaits_channels',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), null=True, size=None),
        ),
        migrations.AddField(
            model_name='notification',
            name='digest_slot',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('pending', 'Pending'), ('claimed', 'Claimed'), ('attempting', 'Attempting'), ('retry', 'Retry'), ('unknown', 'Unknown'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('expired', 'Expired'), ('suppressed', 'Suppressed'), ('dead', 'Dead')], default='pending', max_length=12),
        ),
        migrations.RemoveConstraint(
            model_name='tally',
            name='tally_once',
        ),
        migrations.AddField(
            model_name='tally',
            name='channel',
            field=models.CharField(db_default='', default='', max_length=24),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('user', 'channel', 'local_date'), name='tally_once'),
        ),
    ]
