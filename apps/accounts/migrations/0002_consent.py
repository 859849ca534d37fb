import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=24)),
                ('granted', models.BooleanField()),
                ('recorded_at', models.DateTimeField()),
                ('source', models.CharField(choices=[('page', 'Page'), ('api', 'Api'), ('console', 'Console'), ('import', 'Import')], max_length=8)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['user', 'purpose', '-id'], name='consent_latest'), models.Index(condition=models.Q(('granted', False)), fields=['user'], name='consent_withdrawn')],
            },
        ),
    ]
