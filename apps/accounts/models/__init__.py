from apps.accounts.models.api_key import ApiKey
from apps.accounts.models.aura import Aura
from apps.accounts.models.business import Business, Membership, Role
from apps.accounts.models.client import Client, ClientAssignment
from apps.accounts.models.consent import Consent
from apps.accounts.models.linked_account import LinkedAccount
from apps.accounts.models.refresh_token import RefreshToken
from apps.accounts.models.user import User

__all__ = [
    "ApiKey",
    "Aura",
    "Business",
    "Client",
    "ClientAssignment",
    "Consent",
    "LinkedAccount",
    "Membership",
    "RefreshToken",
    "Role",
    "User",
]
