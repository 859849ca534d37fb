from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0009_interruption_budget'),
    ]

    operations = [
        migrations.AlterField(
            model_name='tally',
            name='last_at',
            field=models.DateTimeField(null=True),
        ),
    ]
