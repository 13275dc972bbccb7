"""What members hand in as proof: `sql/0026.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0025_alerts")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0026.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0026.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
