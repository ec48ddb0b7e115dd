"""The pure rules of parties: what a requisite, a phone, a name or a rate of VAT may be; no database below this line."""
