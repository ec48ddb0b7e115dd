"""The addresses of the API."""

from django.urls import path

from krug.kernel.api.service import service

urlpatterns = [path("api/v1/", service().urls)]
