import apps.core.fields
import apps.core.identifiers
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeywordRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('pattern', models.CharField(max_length=500)),
                ('is_regex', models.BooleanField(default=False, help_text='RE2 syntax.', verbose_name='regular expression')),
                ('priority', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('category', models.CharField(default='other', max_length=20)),
                ('enabled', models.BooleanField(default=True)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keyword_rules', to='accounts.business')),
                ('user', models.ForeignKey(blank=True, help_text='Empty means everybody in the business.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='keyword_rules', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('business', 'user', 'pattern', 'is_regex'), name='keyword_rule_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='SeniorityRuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('version', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('active', models.BooleanField(default=False)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('business', models.ForeignKey(blank=True, help_text='Empty means the default for every business.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='seniority_rule_sets', to='accounts.business')),
            ],
            options={
                'verbose_name': 'title rule set',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('business', 'version'), name='rule_set_version', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('active', True)), fields=('business',), name='rule_set_active_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='VipSender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('address', apps.core.fields.EncryptedTextField()),
                ('address_index', models.BinaryField(max_length=16)),
                ('label', models.CharField(blank=True, help_text='How to name them in a reason.', max_length=100)),
                ('priority', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vips', to='accounts.business')),
                ('user', models.ForeignKey(blank=True, help_text='Empty means everybody in the business.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='vips', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'VIP sender',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['business', 'address_index'], name='vip_lookup')],
                'constraints': [models.UniqueConstraint(fields=('business', 'user', 'address_index'), name='vip_once', nulls_distinct=False)],
            },
        ),
    ]
