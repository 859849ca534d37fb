from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0011_consent'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='moot_reason',
            field=models.CharField(blank=True, choices=[('meeting_over', 'Meeting Over'), ('code_lapsed', 'Code Lapsed'), ('superseded', 'Superseded'), ('expired', 'Expired'), ('silenced', 'Silenced'), ('disabled', 'Disabled')], db_default='', default='', max_length=16),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('outcome', 'defer')), fields=['user', 'due_at'], name='decision_deferred'),
        ),
    ]
