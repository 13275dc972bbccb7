"""The settings of the embedded server: durable always, sized to the machine, tuned for small hot tables."""

from pathlib import Path

import psutil

MEGABYTE = 1024 * 1024
SHARED_BUFFERS_MAX = 512  # megabytes
SHARED_BUFFERS_MIN = 64  # megabytes
WAL_SEGMENT = 4  # megabytes
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))

_SETTINGS = """\
# Written by Festoon at every start. Your own settings go into a later file of this directory.

# Only a Unix socket, and only for the user who owns its directory.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 100

# What was answered is durable.
fsync = on
synchronous_commit = on
full_page_writes = on

shared_buffers = {shared_buffers}MB
effective_cache_size = {effective_cache_size}MB
work_mem = 16MB
maintenance_work_mem = 128MB
huge_pages = off

# Few, long checkpoints: right after one every page is written whole into the WAL, and the compression that every build
# has (pglz) takes longer than writing it.
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = off

# Short statements by key. A parallel worker or a compiler costs more than such a statement.
jit = off
max_parallel_workers_per_gather = 0
random_page_cost = 1.1

# The hot tables are rewritten many times an hour; waiting for a fifth of them to die bloats their indexes.
autovacuum_naptime = 10s
autovacuum_max_workers = 2
autovacuum_vacuum_threshold = 500
autovacuum_vacuum_scale_factor = 0.05
autovacuum_vacuum_cost_limit = 2000

# What a lane sends is planned once, by index; statistics serve reports, which do not mind a third: the planner goes by
# a table's size of now and by what was sampled of what is in it.
autovacuum_analyze_threshold = 1000
autovacuum_analyze_scale_factor = 0.3

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_checkpoints = off
log_lock_waits = on
log_line_prefix = '%m [%p] %q%a %d '
"""


def memory() -> int:
    """Megabytes this process may count on: the machine's, or less where a container is limited."""
    total = psutil.virtual_memory().total
    for limit in CGROUP_LIMITS:
        try:
            total = min(total, int(limit.read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return total // MEGABYTE


def settings(socket_dir: Path, port: int, available: int) -> str:
    """The text of the settings file, for a server with `available` megabytes of memory around it."""
    return _SETTINGS.format(
        port=port,
        socket_dir=str(socket_dir).replace("'", "''"),
        shared_buffers=max(SHARED_BUFFERS_MIN, min(SHARED_BUFFERS_MAX, available // 8)),
        effective_cache_size=max(SHARED_BUFFERS_MIN, available // 2),
    )
