"""Webhooks: endpoints, messages and deliveries: `sql/0016.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0015_console")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0016.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0016.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
