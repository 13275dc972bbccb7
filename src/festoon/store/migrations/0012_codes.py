"""Codes made in batches: `sql/0012.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0011_sightings")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0012.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0012.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
