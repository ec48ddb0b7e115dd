"""The pages of analytics: My day and the funnel."""

from django.urls import path

from krug.analytics.screens.funnel import funnel_page
from krug.analytics.screens.my_day import leave_first, my_day_page, next_stepless

urlpatterns = [
    path("", my_day_page, name="home"),
    path("first-steps/leave/", leave_first, name="leave-first-steps"),
    path("steps/", next_stepless, name="next-stepless"),
    path("reports/", funnel_page, name="reports"),
    path("reports/funnel/", funnel_page, name="funnel"),
]
