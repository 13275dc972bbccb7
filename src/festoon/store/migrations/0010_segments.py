"""Segments, their uploaded lists and refreshes: `sql/0010.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0009_merged")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0010.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0010.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
