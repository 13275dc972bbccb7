"""A batch reads where the rows are that it will change: `sql/0034.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0033_statistics")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0034.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0034.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
