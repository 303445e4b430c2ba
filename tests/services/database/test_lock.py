"""Check that processes take turns and that the last user is known."""

from __future__ import annotations

import pytest

from geo.errors import ClusterBusy
from services.database.lock import be_last, join_users, take_turn


def test_turn_is_for_one_alone(tmp_path):
    path = tmp_path / "turn.lock"
    with take_turn(path), pytest.raises(ClusterBusy), take_turn(path, patience_s=0.05):
        pass


def test_holder_is_named(tmp_path):
    path = tmp_path / "turn.lock"
    with take_turn(path), pytest.raises(ClusterBusy, match=r"pid='\d+'"), take_turn(path, patience_s=0):
        pass


def test_turn_is_given_back_after_a_failure(tmp_path):
    path = tmp_path / "turn.lock"
    with pytest.raises(ValueError, match="mine"), take_turn(path):
        raise ValueError("mine")
    with take_turn(path, patience_s=0):
        assert path.exists()


def test_last_user_is_known(tmp_path):
    path = tmp_path / "users.lock"
    with join_users(path), join_users(path), be_last(path) as last:
        assert not last
    with be_last(path) as last, be_last(path) as second:
        assert (last, second) == (True, False)


def test_newcomer_waits_for_the_last_to_finish(tmp_path):
    path = tmp_path / "users.lock"
    with be_last(path), pytest.raises(ClusterBusy), join_users(path, patience_s=0.05):
        pass


def test_link_is_not_followed(tmp_path):
    (tmp_path / "turn.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"), take_turn(tmp_path / "turn.lock"):
        pass
