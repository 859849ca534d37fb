import apps.core.engines.circuit
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CircuitBreaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, unique=True)),
                ('state', models.CharField(choices=[('closed', 'closed'), ('open', 'open'), ('half_open', 'half_open')], default=apps.core.engines.circuit.CircuitState['CLOSED'], editable=False, max_length=10)),
                ('window', models.JSONField(default=list, editable=False)),
                ('opened_count', models.PositiveIntegerField(default=0, editable=False)),
                ('open_until', models.DateTimeField(editable=False, null=True)),
                ('probe_token', models.UUIDField(editable=False, null=True)),
                ('probe_until', models.DateTimeField(editable=False, null=True)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
    ]
