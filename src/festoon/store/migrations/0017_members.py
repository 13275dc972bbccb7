"""Members found, erased, and what a second person signs: `sql/0017.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0016_webhooks")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0017.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0017.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
