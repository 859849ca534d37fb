from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0014_moves'),
    ]

    operations = [
        migrations.AddField(
            model_name='proposal',
            name='since',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='status',
            field=models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('undone', 'Undone'), ('withdrawn', 'Withdrawn'), ('doubted', 'Doubted'), ('kept', 'Kept')], default='open', max_length=10),
        ),
    ]
