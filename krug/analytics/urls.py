"""The pages of analytics: My day and the funnel."""

from django.urls import path

from krug.analytics.screens.funnel import funnel_page
from krug.analytics.screens.my_day import my_day_page

urlpatterns = [
    path("", my_day_page, name="home"),
    path("reports/", funnel_page, name="reports"),
    path("reports/funnel/", funnel_page, name="funnel"),
]
