
import apps.core.fields
import apps.core.identifiers
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('notifications', '0006_inhibited_reason'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
                ('public_id', models.UUIDField(default=apps.core.identifiers.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('silence_sender', 'Silence Sender'), ('mute_category', 'Mute Category'), ('raise_min_urgency', 'Raise Min Urgency'), ('daily_digest', 'Daily Digest')], max_length=20)),
                ('category', models.CharField(blank=True, choices=[('security_code', 'Security Code'), ('meeting', 'Meeting'), ('message', 'Message'), ('newsletter', 'Newsletter'), ('account', 'Account'), ('expansion', 'Expansion'), ('risk', 'Risk'), ('leadership', 'Leadership'), ('funding', 'Funding'), ('product', 'Product'), ('partnership', 'Partnership'), ('legal', 'Legal'), ('news', 'News'), ('other', 'Other')], max_length=16)),
                ('sender', apps.core.fields.EncryptedTextField(blank=True, default='')),
                ('sender_index', models.BinaryField(max_length=16, null=True)),
                ('change', models.JSONField()),
                ('evidence', models.JSONField()),
                ('preview', models.JSONField()),
                ('status', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('undone', 'Undone'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('former', models.JSONField(default=dict)),
                ('silence_ref', models.UUIDField(null=True)),
                ('business', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.business')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['user', '-id'], name='proposal_page')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('user', 'kind', 'category', 'sender_index'), name='proposal_open_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'withdrawn']), ('decided_at__isnull', False), _connector='XOR'), name='proposal_decided_when_decided')],
            },
        ),
    ]
