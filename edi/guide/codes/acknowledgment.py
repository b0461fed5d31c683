"""Meanings of the codes in acknowledgments (999). How to read it: `edi.guide.codes`."""

TABLE = """
# 143
270 eligibility inquiry
271 eligibility response
276 claim status request
278 authorization
820 premium payment
834 enrollment
835 remittance
999 acknowledgment
# 479
BE enrollment (834)
HB eligibility response (271)
HC claim (837)
HI authorization (278)
HN claim status (277)
HP remittance (835)
HR claim status request (276)
HS eligibility inquiry (270)
PI attachment (275)
RA premium payment (820)
# 618
1 set not supported
2 trailer missing
3 control numbers of header and trailer differ
4 segment count wrong
5 segments in error
6 set identifier missing or invalid
7 set control number missing or invalid
8 authentication key name unknown
9 encryption key name unknown
10 authentication or encryption not supported
11 security recipient unknown
12 message too short or long, or compression invalid
13 authentication failed
15 text could not be decrypted
16 security header or trailer missing
17 security on the set not supported
18 message length incorrect (security)
19 message authentication code failed
23 control number used before in the group
24 security end segment missing for its start
25 security start segment missing for its end
26 security end segments in wrong order
27 security start segments in wrong order
I5 segments in error by the guide
I6 guide not supported
# 620
1 segment id unknown
2 segment not expected
3 required segment missing
4 loop too often
5 segment too often
6 segment not of this set
7 segment in wrong order
8 element in error
I4 segment not used by the guide
I6 segment missing that the situation requires
I7 loop too seldom
I8 segment too seldom
I9 segment present that the situation forbids
# 621
1 required element missing
2 element missing that another one requires
3 too many elements
4 too short
5 too long
6 invalid character
7 invalid code
8 invalid date
9 invalid time
10 elements exclude each other
12 too many repetitions
13 too many components
I6 code not used by the guide
I9 element missing that the situation requires
I10 element not used by the guide
I11 too few repetitions
I12 pattern not matched
I13 element present that the situation forbids
# 715
A accepted
E accepted with errors
M rejected, message authentication failed
P partly accepted
R rejected
W rejected, assurance failed
X rejected, could not be decrypted
# 716
1 group not supported
2 guide version not supported
3 trailer missing
4 control numbers of header and trailer differ
5 set count wrong
6 group control number invalid
10 authentication key name unknown
11 encryption key name unknown
12 authentication or encryption not supported
13 security recipient unknown
14 security not known
15 text could not be decrypted
16 security header or trailer missing
17 message length incorrect (security)
18 message authentication code failed
19 control number used before in the interchange
23 security end segment missing for its start
24 security start segment missing for its end
25 security end segments in wrong order
26 security start segments in wrong order
# 717
A accepted
E accepted with errors
M rejected, message authentication failed
R rejected
W rejected, assurance failed
X rejected, could not be decrypted
"""
