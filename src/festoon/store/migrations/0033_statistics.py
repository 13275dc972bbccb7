"""The server keeps no statistics of columns that nobody looks for: `sql/0033.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0032_read_batch")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0033.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0033.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
