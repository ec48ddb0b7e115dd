"""The addresses of the API."""

from django.urls import path

from krug.kernel.api.docs import docs_page
from krug.kernel.api.service import service

urlpatterns = [path("api/v1/docs", docs_page, name="api-docs"), path("api/v1/", service().urls)]
