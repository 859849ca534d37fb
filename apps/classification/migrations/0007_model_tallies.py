from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classification', '0006_shadow_titles'),
    ]

    operations = [
        migrations.AddField(
            model_name='modelspend',
            name=name,
            field=models.PositiveIntegerField(db_default=0, default=0),
        )
        for name in ('questions', 'kept', 'fallbacks')
    ]
