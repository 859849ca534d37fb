from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('rules', '0003_inhibition'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='seniorityruleset',
            name='shadow',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='seniorityruleset',
            constraint=models.UniqueConstraint(condition=models.Q(('shadow', True)), fields=('business',), name='rule_set_shadow_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='seniorityruleset',
            constraint=models.CheckConstraint(condition=models.Q(('active', True), ('shadow', True), _negated=True), name='rule_set_active_or_shadow'),
        ),
    ]
