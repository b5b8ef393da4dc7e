"""Wiring only: settings, URLs, Celery, WSGI, middleware. Nothing here knows what a shipment is."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
