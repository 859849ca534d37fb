"""People, tenants and what is watched for them."""

from apps.accounts.admin.api_keys import ApiKeyAdmin
from apps.accounts.admin.consents import ConsentAdmin
from apps.accounts.admin.tenants import AuraAdmin, BusinessAdmin, ClientAdmin, LinkedAccountAdmin
from apps.accounts.admin.users import GroupAdmin, UserAdmin

__all__ = [
    "ApiKeyAdmin",
    "AuraAdmin",
    "BusinessAdmin",
    "ClientAdmin",
    "ConsentAdmin",
    "GroupAdmin",
    "LinkedAccountAdmin",
    "UserAdmin",
]
