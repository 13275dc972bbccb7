"""What the relay keeps its place by: `sql/0002.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0002.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0002.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
