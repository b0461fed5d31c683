"""Meanings of the codes in attachments (275). How to read it: `edi.guide.codes`."""

TABLE = """
# 98
1P provider
# 128
BLT type of bill
CPT medical procedure code
EA medical record number
EJ patient control number
FJ payer's line number
FO drug formulary number
PRT product type
RB rate code
SK service modifier
VP vendor's product number
X1 provider's claim number
YJ revenue source
ZZ as agreed
# 143
275 patient information
# 353
02 sent without being asked
11 answer to a request
# 374
368 submitted
# 481
1 this transaction's own number
2 number of what is answered
# 623
CD central daylight time
CS central standard time
CT central time
ED eastern daylight time
ES eastern standard time
ET eastern time
GM Greenwich mean time
LT local time
MD mountain daylight time
MS mountain standard time
MT mountain time
PD Pacific daylight time
PS Pacific standard time
PT Pacific time
UT universal time
# 786
05 personal
# 1270
LOI LOINC
# 1570
ASC plain text, no filter
B64 base64
# 1691
47 standard of another organization
# Kind of report
AE attachment
# Format of the attachment
AC DICOM image
HL HL7 document
IA image
MB binary image
TX text
# Object group
1 the only group
"""
