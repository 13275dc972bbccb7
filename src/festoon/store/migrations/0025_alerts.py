"""Alerts: `sql/0025.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0024_plan_drafts")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0025.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0025.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
