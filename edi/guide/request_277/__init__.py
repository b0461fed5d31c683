"""The payer's request for more about a claim, 277, by two guides: 005010X213, and 006020X313, which 45 CFR 162.2002 makes
the standard from 2028-05-26. As far as public sources show them they differ in the release alone.

Collected from the law, HL7's element mapping, vendors' documents and the base standard (attachments.md S1, S6, S11, S28,
S34, S35); where they disagree the reading that accepts more stands here and a note says "Doubt".
"""
