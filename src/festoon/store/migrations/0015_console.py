"""What the console's processes share, and whom a key belongs to: `sql/0015.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0014_jobs")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0015.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0015.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
