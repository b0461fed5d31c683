"""Meanings of the codes in interchanges. How to read it: `edi.guide.codes`."""

TABLE = """
# I01
00 none
03 additional data
# I03
00 none
01 password
# I05
01 DUNS number
14 DUNS number with suffix
20 health industry number
27 Medicare carrier number
28 Medicare intermediary number
29 Medicare provider number
30 federal tax number
33 NAIC company code
ZZ as agreed
# I11
00501 version 5.01
00602 version 6.02
# I13
0 not asked for
1 asked for
# I14
P production
T test
# I17
A accepted
E accepted with errors, not to be sent again
R rejected
# I18
000 no error
001 control numbers of header and trailer differ
002 control standard not supported
003 control version not supported
004 segment terminator invalid
005 sender id kind invalid
006 sender id invalid
007 receiver id kind invalid
008 receiver id invalid
009 receiver unknown
010 authorization qualifier invalid
011 authorization information invalid
012 security qualifier invalid
013 security information invalid
014 interchange date invalid
015 interchange time invalid
016 standards identifier invalid
017 version identifier invalid
018 control number invalid
019 acknowledgment request invalid
020 usage indicator invalid
021 group count wrong
022 control structure invalid
023 file ends too early
024 content invalid
025 control number used before
026 element separator invalid
027 component separator invalid
028 date of deferred delivery invalid
029 time of deferred delivery invalid
030 time code of deferred delivery invalid
031 grade of service invalid
"""
