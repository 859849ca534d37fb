import apps.core.identifiers
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue', models.CharField(max_length=20, unique=True)),
                ('drained_at', models.DateTimeField()),
                ('worker', models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('type', models.CharField(max_length=40)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('running', 'Running'), ('completed', 'Completed'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('dead_letter', 'Dead Letter')], default='pending', max_length=12)),
                ('priority', models.PositiveSmallIntegerField(choices=[(0, 'Low'), (1, 'Medium'), (2, 'High'), (3, 'Critical')], default=1)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(max_length=60, unique=True)),
                ('correlation_id', models.UUIDField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('deadline', models.DateTimeField(null=True)),
                ('retry_count', models.PositiveSmallIntegerField(default=0)),
                ('max_retries', models.PositiveSmallIntegerField(default=3)),
                ('error', models.JSONField(default=dict, help_text='Code and redacted text.')),
                ('result', models.JSONField(default=dict)),
                ('metadata', models.JSONField(default=dict)),
                ('business', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.business')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['status', '-updated_at'], name='task_status')],
            },
        ),
    ]
