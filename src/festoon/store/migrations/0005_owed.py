"""Members can owe what was taken back from them: `sql/0005.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0004_kinds")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0005.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0005.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
