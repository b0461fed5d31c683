"""Files of payers as facts: so far their requests for more about a claim (277)."""
