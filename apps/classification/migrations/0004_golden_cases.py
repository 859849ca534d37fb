import apps.core.fields
import apps.core.identifiers
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('classification', '0003_prompts'),
        ('ingestion', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoldenCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('origin', models.CharField(choices=[('user', 'The person it was for'), ('operator', 'An operator in the console')], max_length=10)),
                ('kind', models.CharField(choices=[('email', 'Email'), ('calendar', 'Calendar'), ('profile', 'Profile'), ('news', 'News'), ('account', 'Account')], max_length=16)),
                ('fact', apps.core.fields.EncryptedJSONField()),
                ('seniority', models.CharField(blank=True, help_text='What a job title meant; empty for anything else.', max_length=16)),
                ('judged_at', models.DateTimeField()),
                ('judged_urgency', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=8)),
                ('judged_category', models.CharField(blank=True, choices=[('security_code', 'Security Code'), ('meeting', 'Meeting'), ('message', 'Message'), ('newsletter', 'Newsletter'), ('account', 'Account'), ('expansion', 'Expansion'), ('risk', 'Risk'), ('leadership', 'Leadership'), ('funding', 'Funding'), ('product', 'Product'), ('partnership', 'Partnership'), ('legal', 'Legal'), ('news', 'News'), ('other', 'Other')], max_length=16)),
                ('judged_method', models.CharField(blank=True, choices=[('fast_path', 'Fast Path'), ('rules', 'Rules'), ('llm', 'Llm'), ('cache', 'Cache'), ('fallback', 'Fallback')], max_length=12)),
                ('expected_urgency', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=8)),
                ('expected_category', models.CharField(blank=True, choices=[('security_code', 'Security Code'), ('meeting', 'Meeting'), ('message', 'Message'), ('newsletter', 'Newsletter'), ('account', 'Account'), ('expansion', 'Expansion'), ('risk', 'Risk'), ('leadership', 'Leadership'), ('funding', 'Funding'), ('product', 'Product'), ('partnership', 'Partnership'), ('legal', 'Legal'), ('news', 'News'), ('other', 'Other')], max_length=16)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='golden_cases', to=settings.AUTH_USER_MODEL)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='golden_cases', to='accounts.business')),
                ('event', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='golden_cases', to='ingestion.event')),
                ('owner', models.ForeignKey(help_text='Whose fact it is; empty for the whole business.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'author'), name='golden_case_once'), models.CheckConstraint(condition=models.Q(('expected_category', ''), ('expected_urgency', ''), _negated=True), name='golden_case_expects_something')],
            },
        ),
    ]
