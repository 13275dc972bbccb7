"""The audit trail is searched, and plans are signed off by three: `sql/0019.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0018_gifts")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0019.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0019.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
