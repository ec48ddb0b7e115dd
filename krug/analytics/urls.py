"""The pages of analytics: My day, the funnel and the load of the phones."""

from django.urls import path

from krug.analytics.screens.calls import call_load_page
from krug.analytics.screens.funnel import funnel_page
from krug.analytics.screens.my_day import leave_first, my_day_page, next_stepless

urlpatterns = [
    path("", my_day_page, name="home"),
    path("first-steps/leave/", leave_first, name="leave-first-steps"),
    path("steps/", next_stepless, name="next-stepless"),
    path("reports/", funnel_page, name="reports"),
    path("reports/calls/", call_load_page, name="call-load"),
    path("reports/funnel/", funnel_page, name="funnel"),
]
