import apps.core.identifiers
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('ingestion', '0001_initial'),
        ('notifications', '0004_digests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('helpful', 'Helpful'), ('dismissed', 'Dismissed'), ('less_like_this', 'Less Like This'), ('wrong', 'Wrong')], max_length=16)),
                ('urgency', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=8)),
                ('category', models.CharField(blank=True, choices=[('security_code', 'Security Code'), ('meeting', 'Meeting'), ('message', 'Message'), ('newsletter', 'Newsletter'), ('account', 'Account'), ('expansion', 'Expansion'), ('risk', 'Risk'), ('leadership', 'Leadership'), ('funding', 'Funding'), ('product', 'Product'), ('partnership', 'Partnership'), ('legal', 'Legal'), ('news', 'News'), ('other', 'Other')], max_length=16)),
                ('business', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.business')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='ingestion.event')),
                ('notification', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='notifications.notification')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'feedback',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['user', 'kind', '-created_at'], name='feedback_of_kind')],
                'constraints': [models.UniqueConstraint(fields=('user', 'event', 'kind'), name='feedback_once'), models.CheckConstraint(condition=models.Q(('kind', 'wrong'), models.Q(('category', ''), ('urgency', '')), _connector='XOR'), name='feedback_wrong_says_what_is_right')],
            },
        ),
    ]
