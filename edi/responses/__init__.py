"""What comes back from payers, as facts: so far their requests for more about a claim (277)."""
