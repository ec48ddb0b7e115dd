"""Products have the ready-made screens."""

from krug.catalogue.entities.products import PRODUCT, PRODUCT_CATEGORY
from krug.kernel.screens.urls import entity_urls

urlpatterns = [*entity_urls(PRODUCT), *entity_urls(PRODUCT_CATEGORY)]
