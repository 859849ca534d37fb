import apps.core.fields
import apps.core.identifiers
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('ingestion', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('correlation_id', models.UUIDField()),
                ('priority', models.PositiveSmallIntegerField()),
                ('urgency', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=8)),
                ('category', models.CharField(choices=[('security_code', 'Security Code'), ('meeting', 'Meeting'), ('message', 'Message'), ('newsletter', 'Newsletter'), ('account', 'Account'), ('expansion', 'Expansion'), ('risk', 'Risk'), ('leadership', 'Leadership'), ('funding', 'Funding'), ('product', 'Product'), ('partnership', 'Partnership'), ('legal', 'Legal'), ('news', 'News'), ('other', 'Other')], max_length=16)),
                ('action_required', models.BooleanField()),
                ('relevance', models.FloatField()),
                ('sentiment', models.FloatField()),
                ('risk', models.CharField(choices=[('none', 'None'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=8)),
                ('confidence', models.FloatField()),
                ('method', models.CharField(choices=[('fast_path', 'Fast Path'), ('rules', 'Rules'), ('llm', 'Llm'), ('cache', 'Cache'), ('fallback', 'Fallback')], max_length=12)),
                ('reason', models.CharField(max_length=300)),
                ('suggested_action', models.CharField(blank=True, max_length=300)),
                ('signals', models.JSONField(default=list)),
                ('vip', models.BooleanField(default=False)),
                ('code', apps.core.fields.EncryptedTextField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('rules_version', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='classification', to='ingestion.event')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('priority__range', (1, 10))), name='verdict_priority_range')],
            },
        ),
        migrations.CreateModel(
            name='Detection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('correlation_id', models.UUIDField()),
                ('person_id', models.CharField(max_length=200)),
                ('person_name', apps.core.fields.EncryptedTextField()),
                ('title', apps.core.fields.EncryptedTextField()),
                ('level', models.CharField(choices=[('', 'None'), ('vp', 'VP'), ('csuite', 'C-suite')], max_length=8)),
                ('previous_level', models.CharField(blank=True, choices=[('', 'None'), ('vp', 'VP'), ('csuite', 'C-suite')], max_length=8)),
                ('change', models.CharField(choices=[('first', 'First'), ('promotion', 'Promotion')], max_length=10)),
                ('detected_at', models.DateTimeField()),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='detections', to='accounts.business')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='detection', to='ingestion.event')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['business', '-detected_at'], name='detection_when')],
            },
        ),
        migrations.CreateModel(
            name='SeniorityState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.CharField(max_length=200)),
                ('person_name', apps.core.fields.EncryptedTextField()),
                ('title', apps.core.fields.EncryptedTextField()),
                ('level', models.CharField(choices=[('', 'None'), ('vp', 'VP'), ('csuite', 'C-suite')], max_length=8)),
                ('as_of', models.DateTimeField()),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ingestion.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'person_id'), name='seniority_once')],
            },
        ),
    ]
