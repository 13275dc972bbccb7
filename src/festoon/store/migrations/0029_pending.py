"""Amounts that are pending for a time: `sql/0029.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0028_work")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0029.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0029.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
