"""What is made good, and whom: `sql/0013.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0012_codes")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0013.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0013.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
