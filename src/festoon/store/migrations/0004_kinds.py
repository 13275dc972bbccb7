"""The mechanic kinds a plan was written for: `sql/0004.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0003_script")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0004.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0004.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
