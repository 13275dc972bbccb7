"""Rewards that are set aside: `sql/0006.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0005_owed")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0006.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0006.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
