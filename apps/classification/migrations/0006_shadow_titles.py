import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classification', '0005_insights'),
        ('ingestion', '0002_unsure_raw_events'),
        ('rules', '0004_rule_set_shadow'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShadowTitle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live_level', models.CharField(blank=True, choices=[('', 'None'), ('vp', 'VP'), ('csuite', 'C-suite')], max_length=8)),
                ('level', models.CharField(blank=True, choices=[('', 'None'), ('vp', 'VP'), ('csuite', 'C-suite')], max_length=8)),
                ('live_change', models.CharField(max_length=12)),
                ('change', models.CharField(max_length=12)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shadow_title', to='ingestion.event')),
                ('rule_set', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shadow_titles', to='rules.seniorityruleset')),
            ],
            options={
                'verbose_name': 'title in shadow',
                'verbose_name_plural': 'titles in shadow',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['rule_set', '-id'], name='shadow_title_page')],
            },
        ),
    ]
