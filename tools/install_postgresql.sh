#!/bin/sh
# PostgreSQL is what the tests compare pgiris with, and psql and pgbench are among its clients. Install it where that is
# possible; where it is not, say so: the tests that need it are skipped with the same reason.
set -eu
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then
    command -v psql >/dev/null && command -v pgbench >/dev/null && exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "PostgreSQL (server, psql, pgbench) is missing and can be installed here by root with apt-get only:" \
        "tests that need it are skipped" >&2
    exit 0
fi
echo "Installing PostgreSQL for the tests"
# The package would start a server of its own, on port 5432.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o Dpkg::Options::=--force-confold \
    postgresql postgresql-contrib postgresql-client >/dev/null
