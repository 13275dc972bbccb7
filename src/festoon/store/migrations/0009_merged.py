"""Two accounts of one person become one: `sql/0009.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0008_files")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0009.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0009.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
