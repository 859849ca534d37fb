from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0027_attempt_template'),
    ]

    operations = [
        migrations.AddField(
            model_name='notification',
            name='text_fingerprint',
            field=models.BigIntegerField(db_default=0),
        ),
    ]
