"""A visit becomes 837D segments: parties, claim, lines, other payers; then batches of claims become interchanges."""
