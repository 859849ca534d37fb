import apps.core.fields
import apps.core.identifiers
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('rules', '0002_silence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inhibition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('comment', apps.core.fields.EncryptedTextField(blank=True, default='')),
                ('enabled', models.BooleanField(default=True)),
                ('source_category', models.CharField(blank=True, max_length=20)),
                ('source_event_type', models.CharField(blank=True, max_length=120)),
                ('source_sender', apps.core.fields.EncryptedTextField(blank=True, default='')),
                ('source_sender_index', models.BinaryField(max_length=16, null=True)),
                ('source_min_priority', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('source_max_priority', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('target_category', models.CharField(blank=True, max_length=20)),
                ('target_event_type', models.CharField(blank=True, max_length=120)),
                ('target_sender', apps.core.fields.EncryptedTextField(blank=True, default='')),
                ('target_sender_index', models.BinaryField(max_length=16, null=True)),
                ('target_min_priority', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('target_max_priority', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('equal', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('client', 'Client'), ('sender', 'Sender'), ('thread', 'Thread'), ('category', 'Category')], max_length=10), blank=True, default=list, help_text='In what both must agree. None of it: in nothing.', size=None)),
                ('window_minutes', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)])),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('business', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='inhibitions', to='accounts.business')),
                ('source_client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.client')),
                ('target_client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.client')),
                ('user', models.ForeignKey(blank=True, help_text='Empty means everybody in the business.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='inhibitions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['business', 'enabled'], name='inhibition_enabled')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('source_category', ''), _negated=True), models.Q(('source_event_type', ''), _negated=True), models.Q(('source_sender_index__isnull', False)), models.Q(('source_client__isnull', False)), models.Q(('source_min_priority__isnull', False)), models.Q(('source_max_priority__isnull', False)), _connector='OR'), name='inhibition_has_source'), models.CheckConstraint(condition=models.Q(models.Q(('target_category', ''), _negated=True), models.Q(('target_event_type', ''), _negated=True), models.Q(('target_sender_index__isnull', False)), models.Q(('target_client__isnull', False)), models.Q(('target_min_priority__isnull', False)), models.Q(('target_max_priority__isnull', False)), _connector='OR'), name='inhibition_has_target'), models.CheckConstraint(condition=models.Q(('source_min_priority__isnull', True), ('source_max_priority__isnull', True), ('source_min_priority__lte', models.F('source_max_priority')), _connector='OR'), name='inhibition_source_order'), models.CheckConstraint(condition=models.Q(('target_min_priority__isnull', True), ('target_max_priority__isnull', True), ('target_min_priority__lte', models.F('target_max_priority')), _connector='OR'), name='inhibition_target_order'), models.CheckConstraint(condition=models.Q(('window_minutes__range', (1, 1440))), name='inhibition_window')],
            },
        ),
    ]
