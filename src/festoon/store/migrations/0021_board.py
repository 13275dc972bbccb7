"""Counters of the live board: `sql/0021.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0020_stored_answers")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0021.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0021.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
