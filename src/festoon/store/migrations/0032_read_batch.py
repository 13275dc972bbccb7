"""A batch is locked and read in one round trip: `sql/0032.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0031_visitors")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0032.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0032.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
