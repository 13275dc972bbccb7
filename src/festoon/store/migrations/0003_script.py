"""What a statement of a script fails by: `sql/0003.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0002_relay")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0003.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0003.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
