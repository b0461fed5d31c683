"""Meanings of the codes in requests (277). How to read it: `edi.guide.codes`."""

TABLE = """
# 128
1K payer's claim number
# 143
277 claim status or request
# 235
HC medical procedure (HCPCS)
HP rate of an agreed procedure
IV home infusion product
NU revenue code
WK alternative care code
# 365
UR web address
# 374
106 answer wanted by
# 735
19 provider
21 receiver
PT patient
# 1005
0085 payer, receiver, provider, patient
"""
