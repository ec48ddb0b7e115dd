"""The files of the Northwind base: customers, suppliers, employees, categories and products."""
