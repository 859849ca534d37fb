"""Facts about nobody we know wait here until their account is linked, then go their way."""

from django.db import connection, transaction

from apps.accounts.models import LinkedAccount, Membership, User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.ingestion.models import RawEvent


def adopt_unowned() -> int:
    """Make unowned rows due again whose account was linked, or whose person joined, since.

    Looks back one day: an older account, or a person who is switched on again, takes a replay.
    Returns how many.
    """
    raw, accounts = RawEvent._meta.db_table, LinkedAccount._meta.db_table
    users, memberships = User._meta.db_table, Membership._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {raw} AS row
            SET state = 'received', reason = '', due_at = clock_timestamp(), claim_count = 0,
                finished_at = NULL
            FROM {accounts} AS account
            JOIN {users} AS person ON person.id = account.user_id
            JOIN {memberships} AS member
              ON member.user_id = account.user_id AND member.business_id = account.business_id
            WHERE row.state = 'unowned'
              AND person.is_active
              AND row.accounts @> ARRAY[account.kind || ':' || account.external_id]::varchar[]
              AND row.business_id = account.business_id
              AND greatest(account.updated_at, member.updated_at)
                  > clock_timestamp() - interval '1 day'
            RETURNING row.id, row.business_id, row.correlation_id
            """  # noqa: S608  # the tables' own names
        )
        adopted = cursor.fetchall()
        record(
            [
                AuditDraft(
                    type=AuditType.EVENT_REPLAYED,
                    message="Its account was linked: on its way again",
                    business_id=business_id,
                    correlation_id=correlation_id,
                    subject=f"raw_event:{raw_id}",
                )
                for raw_id, business_id, correlation_id in adopted
            ]
        )
    return len(adopted)
