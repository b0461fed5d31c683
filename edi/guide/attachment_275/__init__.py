"""The attachment to a claim, 275, by two guides: 005010X210 as clearinghouses take it today, and 006020X314, which 45 CFR
162.2002 makes the standard from 2028-05-26. They differ in the release and in the loop that holds the payload.

Collected from public code, vendors' documents and companion guides (attachments.md S1 to S19, S28, S39); where they
disagree the reading that accepts more stands here and a note says "Doubt". The licensed guides were not read.
"""
