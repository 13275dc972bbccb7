"""Drafts of grants to a list: `sql/0023.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0022_queues")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0023.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0023.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
