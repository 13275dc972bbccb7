"""Where members were seen: `sql/0011.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0010_segments")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0011.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0011.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
