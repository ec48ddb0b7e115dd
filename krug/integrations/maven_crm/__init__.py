"""The “CRM Sales Opportunities” set of Maven Analytics: accounts, products, teams and a sales pipeline as CSV."""
