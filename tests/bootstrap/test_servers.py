import os
import signal

import psycopg
import pytest
import redis

from config.bootstrap import postgres
from config.bootstrap.errors import SetupError
from config.bootstrap.ledger import Ledger, stop_survivors
from config.bootstrap.proctable import working_in
from tests.bootstrap.instances import Instance, eventually

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def answer(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def answers(url: str) -> bool:
    try:
        return answer(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def write_row(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS value")


def restarted(instance: Instance) -> dict[str, str]:
    instance.supervisor.stop()
    return instance.start()


def test_a_folder_with_files_of_somebody_else_is_left_alone(instance: Instance) -> None:
    instance.layout.pgdata.mkdir()
    (instance.layout.pgdata / "thesis.txt").write_text("years of work")
    with pytest.raises(SetupError, match="not a PostgreSQL cluster"):
        instance.start()
    assert (instance.layout.pgdata / "thesis.txt").read_text() == "years of work"


def test_a_server_that_ends_while_it_starts_is_explained_with_its_log(instance: Instance) -> None:
    instance.start()
    instance.supervisor.stop()
    (instance.layout.pgdata / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(SetupError, match="no_such_setting"):
        instance.start()


def test_an_interrupted_initdb_is_started_over(instance: Instance) -> None:
    half_made = instance.layout.home / "pgdata.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    assert answers(instance.start()["DATABASE_URL"])


@pytest.mark.parametrize(
    "pid_file", ["", "garbage\n", "1\n/elsewhere\n", "999999999\n/elsewhere\n"]
)
def test_a_stale_pid_file_does_not_stop_the_start(instance: Instance, pid_file: str) -> None:
    instance.start()
    instance.supervisor.stop()
    stale = instance.layout.pgdata / "postmaster.pid"
    stale.write_text(pid_file)
    instance.user.own(stale)
    assert answers(instance.start()["DATABASE_URL"])


def test_data_that_others_could_read_is_closed_again(instance: Instance) -> None:
    instance.start()
    instance.supervisor.stop()
    instance.layout.pgdata.chmod(0o755)
    assert answers(instance.start()["DATABASE_URL"])


def test_broker_data_that_does_not_load_is_set_aside(instance: Instance) -> None:
    instance.start()
    instance.supervisor.stop()
    manifest = next((instance.layout.valkey / "appendonlydir").glob("*.manifest"))
    manifest.write_text("not a manifest\n")
    with redis.Redis.from_url(instance.start()["REDIS_URL"]) as client:
        assert client.ping()
    assert list(instance.layout.home.glob("valkey.unreadable-*"))


def test_rows_survive_a_kill_of_the_database(instance: Instance) -> None:
    url = instance.start()["DATABASE_URL"]
    write_row(url)
    os.kill(instance.pid("database"), signal.SIGKILL)
    instance.supervisor.children["database"].process.wait()
    assert eventually(lambda: answers(url), meanwhile=instance.supervisor.tick)
    assert answer(url, "SELECT value FROM kept") == 42


def test_a_killed_broker_comes_back(instance: Instance) -> None:
    url = instance.start()["REDIS_URL"]
    killed = instance.pid("broker")
    os.kill(killed, signal.SIGKILL)
    assert eventually(
        lambda: instance.supervisor.children["broker"].running and instance.pid("broker") != killed,
        meanwhile=instance.supervisor.tick,
    )
    with redis.Redis.from_url(url) as client:
        assert eventually(lambda: bool(client.ping()), meanwhile=instance.supervisor.tick)


def test_servers_whose_supervisor_was_killed_are_found_and_stopped(instance: Instance) -> None:
    url = instance.start()["DATABASE_URL"]
    assert stop_survivors(Ledger(instance.layout.ledger)) == ["database", "broker"]
    assert not answers(url)
    assert working_in(instance.layout.pgdata) == []


def test_an_orphan_that_no_ledger_knows_is_stopped(instance: Instance) -> None:
    instance.start()
    orphan = instance.supervisor.children["database"].process
    postgres.clear_stale_files(instance.layout.pgdata)
    assert orphan.wait(timeout=10) == 0
    assert not (instance.layout.pgdata / "postmaster.pid").exists()


def test_rows_survive_an_orderly_stop(instance: Instance) -> None:
    write_row(instance.start()["DATABASE_URL"])
    assert answer(restarted(instance)["DATABASE_URL"], "SELECT value FROM kept") == 42


def test_nothing_listens_on_a_network(instance: Instance) -> None:
    urls = instance.start()
    assert answer(urls["DATABASE_URL"], "SHOW listen_addresses") == ""
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        assert client.config_get("port") == {"port": "0"}


def test_the_database_is_utf8_without_a_locale_of_this_machine(instance: Instance) -> None:
    url = instance.start()["DATABASE_URL"]
    assert answer(url, "SHOW server_encoding") == "UTF8"
    assert answer(url, "SELECT datcollate FROM pg_database WHERE datname = 'vigil'") == "C"


def test_with_both_urls_given_nothing_starts(instance: Instance) -> None:
    given = {"DATABASE_URL": "postgresql://postgres@db/vigil", "REDIS_URL": "redis://redis/0"}
    assert instance.start(given) == {}
    assert instance.supervisor.children == {}


def test_with_one_url_given_only_the_other_half_starts(instance: Instance) -> None:
    given = {"DATABASE_URL": "postgresql://postgres@db/vigil"}
    assert set(instance.start(given)) == {"REDIS_URL"}
    assert set(instance.supervisor.children) == {"broker"}


@pytest.mark.parametrize("folder", ["my data"])
def test_a_path_with_spaces_is_no_obstacle(instance: Instance) -> None:
    assert " " not in str(instance.layout.sockets)
    assert answers(instance.start()["DATABASE_URL"])
