"""The demo company «Волна», told with the verbs of the product."""
