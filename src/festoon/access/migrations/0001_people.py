"""People of the console and the links that let them in."""

import django.core.validators
import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from festoon.access.models import USERNAME


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        max_length=32,
                        unique=True,
                        validators=[django.core.validators.RegexValidator(USERNAME)],
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("roles", ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("is_active", models.BooleanField(default=True)),
                ("created", models.DateTimeField()),
            ],
            options={"db_table": "person"},
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("roles", ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ("made", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="access.person"
                    ),
                ),
            ],
            options={"db_table": "invitation"},
        ),
    ]
