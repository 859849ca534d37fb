"""Bring facts in: verified, stored raw, made uniform."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    name = "apps.ingestion"
    label = "ingestion"
