"""The files of a HubSpot export: companies, contacts, deals and activities, tied by domain and e-mail."""
