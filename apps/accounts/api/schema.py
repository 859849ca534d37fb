"""How the OpenAPI document names the ways in. Imported by the urls, so that it registers itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from apps.accounts.authentication import API_KEY_HEADER, ApiKeyAuthentication, JwtAuthentication


class JwtScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # no types
    target_class = JwtAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # as above
    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": API_KEY_HEADER,
            "description": "Also accepted as `Authorization: Api-Key <key>`.",
        }
