from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import RefreshToken
from apps.accounts.services import tokens
from apps.accounts.services.access_tokens import password_binding
from apps.core.errors import Unauthorized
from tests import factories

USERS = 4


def use(token: str, barrier: Barrier) -> bool:
    """Whether this use of the token was the one that counted."""
    try:
        barrier.wait()
        tokens.refresh(token, now=timezone.now())
    except Unauthorized:
        return False
    else:
        return True
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_token_used_at_the_same_time_counts_once_and_then_ends_its_family() -> None:
    ana = factories.make_user()
    token, family = f"vgr_secret.{password_binding(ana)}", uuid4()
    factories.make_refresh_token(user=ana, text=token, now=timezone.now(), family=family)
    barrier = Barrier(USERS)
    with ThreadPoolExecutor(USERS) as threads:
        counted = list(threads.map(lambda _: use(token, barrier), range(USERS)))
    assert sum(counted) == 1
    assert not RefreshToken.objects.filter(family=family, revoked_at=None).exists()
