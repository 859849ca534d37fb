import os
import tempfile
from pathlib import Path

import pytest

from config.bootstrap.errors import SetupError
from config.bootstrap.identity import ServerUser, can_traverse
from config.bootstrap.layout import SOCKET_PATH_BYTES, create, layout_for, socket_directory

OURSELVES = ServerUser()
STRANGER = ServerUser(uid=54_321, gid=54_321)


@pytest.mark.parametrize(
    "home",
    [
        Path("/srv") / ("deep" * 30),
        Path("/srv/my project/data"),
        Path("/srv/50%/data"),
        Path("/srv/données/data"),
    ],
    ids=["too long", "a space", "a percent sign", "an accent"],
)
def test_a_path_no_socket_or_url_can_hold_is_replaced_by_a_short_one(home: Path) -> None:
    chosen = socket_directory(home)
    assert chosen.parent == Path(tempfile.gettempdir())
    assert len(os.fsencode(chosen)) < SOCKET_PATH_BYTES


def test_two_data_folders_never_share_a_replacement() -> None:
    assert socket_directory(Path("/srv/a b")) != socket_directory(Path("/srv/a c"))


def test_an_ordinary_path_holds_its_own_sockets() -> None:
    assert socket_directory(Path("/srv/vigil")) == Path("/srv/vigil/sockets")


def test_a_socket_folder_that_is_a_link_is_refused(open_folder: Path) -> None:
    target = open_folder / "target"
    target.mkdir()
    layout = layout_for(open_folder / "data", OURSELVES)
    layout.sockets.parent.mkdir(parents=True, exist_ok=True)
    layout.sockets.symlink_to(target)
    with pytest.raises(SetupError, match="somebody else"):
        create(layout, OURSELVES)


def test_only_the_server_user_may_enter_the_sockets(open_folder: Path) -> None:
    layout = layout_for(open_folder, OURSELVES)
    create(layout, OURSELVES)
    assert layout.sockets.stat().st_mode & 0o777 == 0o700


def test_another_user_cannot_get_through_a_private_folder(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert not can_traverse(private / "data", STRANGER)


def test_data_in_a_private_folder_of_root_moves_to_where_the_servers_can_go(
    tmp_path: Path,
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    layout = layout_for(private / "data", STRANGER)
    assert layout.home.parent == Path("/var/lib")
    assert layout.data == private / "data"
