"""Jobs that were asked for: `sql/0014.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0013_compensation")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0014.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0014.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
