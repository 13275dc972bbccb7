"""Figures from outside: `sql/0027.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0026_handed_in")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0027.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0027.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
