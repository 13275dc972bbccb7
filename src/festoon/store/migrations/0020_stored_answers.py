"""Answers that were given, and held rewards in their order: `sql/0020.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0019_signing_off")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0020.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0020.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
