import apps.core.fields
import apps.core.identifiers
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('rules', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Silence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('comment', apps.core.fields.EncryptedTextField(blank=True, default='')),
                ('category', models.CharField(blank=True, max_length=20)),
                ('event_type', models.CharField(blank=True, max_length=120)),
                ('sender', apps.core.fields.EncryptedTextField(blank=True, default='')),
                ('sender_index', models.BinaryField(max_length=16, null=True)),
                ('min_priority', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('max_priority', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('expires_at', models.DateTimeField()),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='silences', to='accounts.business')),
                ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='silences', to='accounts.client')),
                ('user', models.ForeignKey(blank=True, help_text='Empty means everybody in the business.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='silences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['business', 'expires_at'], name='silence_active')],
                'constraints': [models.CheckConstraint(condition=models.Q(('min_priority__isnull', True), ('max_priority__isnull', True), ('min_priority__lte', models.F('max_priority')), _connector='OR'), name='silence_priorities_in_order')],
            },
        ),
    ]
