"""Address books: contacts of Google, Outlook and LinkedIn as CSV, and cards of any program."""
