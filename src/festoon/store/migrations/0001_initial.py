"""The first tables: `sql/0001.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0001.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0001.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
