"""The addresses of trees and pinned views, the same for all types."""

from django.urls import path

from krug.lists.screens.panel import nodes_page, panel_page
from krug.lists.screens.pins import first_page, pin_page
from krug.lists.screens.trees import tree_page, trees_page

urlpatterns = [
    path("views/<slug:plural>/<slug:key>/pin/", pin_page, name="view-pin"),
    path("views/<slug:plural>/<slug:key>/first/", first_page, name="view-first"),
    path("trees/<slug:plural>/", trees_page, name="trees"),
    path("trees/<slug:plural>/<int:number>/", tree_page, name="tree"),
    path("trees/<slug:plural>/panel/", panel_page, name="tree-panel"),
    path("trees/<slug:plural>/nodes/", nodes_page, name="tree-nodes"),
]
