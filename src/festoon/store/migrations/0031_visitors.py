"""Visitors have numbers of their own: `sql/0031.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0030_learned_policy")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0031.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0031.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
