"""What experiments have learned: `sql/0030.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0029_pending")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0030.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0030.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
