from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ingestion', '0002_unsure_raw_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='text_fingerprint',
            field=models.BigIntegerField(db_default=0),
        ),
    ]
