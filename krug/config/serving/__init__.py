"""The processes behind one address: database, web, worker and what watches over them."""
