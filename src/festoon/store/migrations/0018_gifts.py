"""Gifts by the mechanic that gave them: `sql/0018.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0017_members")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0018.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0018.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
