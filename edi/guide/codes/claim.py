"""Meanings of the codes in claims (837), and in groups and transaction sets of any kind. How to read it: `edi.guide.codes`."""

TABLE = """
# 66
46 electronic sender or receiver number
AC attachment control number
II standard health identifier
MI member number
PI payer number
XV national plan number
XX national provider identifier
# 98
40 receiver
41 submitter
77 service location
82 rendering provider
85 billing provider
87 pay-to address
DD assistant surgeon
DN referring provider
DQ supervising provider
IL insured
P3 primary care provider
PE pay-to plan
PR payer
QC patient
# 128
0B state license number
1G UPIN of a provider
1W member number
2U payer number
4N exception code
6R line control number
9A repriced number
9C adjusted repriced number
9F referral number
D9 intermediary's claim number
EI employer's tax number
F8 payer's claim control number
FY claim office number
G1 prior authorization number
G2 provider's number at the payer
G3 predetermination number
LU location number
NF NAIC code
PXC provider taxonomy code
SY social security number
T4 adjustment mark
Y4 agency's claim number
# 143
837 health care claim
# 235
AD dental procedure (CDT)
ER jurisdiction's own procedure
# 353
00 original
18 sent again
# 355
UN units
# 363
ADD additional information
# 365
EM e-mail
EX extension
FX fax
TE telephone
# 366
IC information contact
# 374
050 received
139 prior placement, estimated
196 treatment start
198 treatment completion
439 accident
441 prior placement
446 replacement
452 appliance placement
472 service
573 adjudication
# 455
X X12
# 522
A8 non-covered, actual
D paid by the payer
EAF owed by the patient
F5 paid by the patient
T tax
# 640
31 subrogation demand
CH claims
RP encounters
# 735
20 information source (billing provider)
22 subscriber
23 dependent (patient)
# 736
0 none below
1 levels below
# 755
B4 referral form
DA dental models
DG diagnostic report
EB explanation of benefits
OZ supporting data
P6 periodontal charts
RB radiology films
RR radiology reports
# 756
AA available on request
BM by mail
EL electronically, in its own transaction
EM by e-mail
FT by file transfer
FX by fax
# 901
T1 provider is unknown to the repricer
T2 payer is unknown to the repricer
T3 insured is unknown to the repricer
T4 payer's name or number is missing
T5 certification is missing
T6 too little information to reprice
# 1005
0019 source, subscriber, dependent
# 1032
11 other non-federal program
12 preferred provider organization
13 point of service
14 exclusive provider organization
15 indemnity
16 Medicare risk HMO
17 dental maintenance organization
AM automobile medical
BL Blue Cross Blue Shield
CH TRICARE
CI commercial insurer
DS disability
FI federal employees program
HM health maintenance organization
LM liability medical
MA Medicare part A
MB Medicare part B
MC Medicaid
OF other federal program
TV title V
VA Veterans Affairs
WC workers' compensation
ZZ other or unknown
# 1033
CO contractual obligation
CR correction
OA other
PI payer's own reduction
PR patient's responsibility
# 1065
1 person
2 organization
# 1068
F female
M male
U unknown
# 1069
01 spouse
18 self
19 child
20 employee
21 unknown
39 organ donor
40 cadaver donor
53 life partner
G8 other
# 1073
N no
W not applicable
Y yes
# 1138
A fourth payer
B fifth payer
C sixth payer
D seventh payer
E eighth payer
F ninth payer
G tenth payer
H eleventh payer
P primary payer
S secondary payer
T third payer
U unknown turn
# 1166
02 per diem
03 variable per diem
04 flat rate
05 capitation
06 percentage
09 other
# 1221
AS assistant surgeon
BI billing provider
PE rendering provider
RF referring provider
# 1250
D8 a day
RD8 a period
# 1270
ABF other diagnosis, ICD-10-CM
ABK principal diagnosis, ICD-10-CM
BF other diagnosis, ICD-9-CM
BK principal diagnosis, ICD-9-CM
JP universal tooth numbering
TQ diagnosis, SNODENT
# 1325
1 original
7 replacement
8 void
# 1328
1 first diagnosis
2 second diagnosis
3 third diagnosis
4 fourth diagnosis
# 1332
B place of service
# 1336
12 Medicare second: working aged
13 Medicare second: kidney disease
14 Medicare second: no-fault insurance
15 Medicare second: workers' compensation
16 Medicare second: public health service
41 Medicare second: black lung
42 Medicare second: Veterans Affairs
43 Medicare second: disabled under 65
47 Medicare second: other liability
# 1358
I initial
R replacement
# 1359
A assigned
C not assigned
# 1361
00 whole mouth
01 upper arch
02 lower arch
03 upper right sextant
04 upper front sextant
05 upper left sextant
06 lower left sextant
07 lower front sextant
08 lower right sextant
09 another area
10 upper right quadrant
20 upper left quadrant
30 lower left quadrant
40 lower right quadrant
L left
R right
# 1362
AA auto accident
EM employment
OA other accident
# 1363
I by law, without signature
Y signed
# 1366
01 child screening program (EPSDT, CHIP)
02 handicapped children's program
03 special federal funding
05 disability
# 1368
E to be extracted
M missing
# 1369
B buccal
D distal
F facial
I incisal
L lingual
M mesial
O occlusal
# 1383
PB predetermination of benefits
# 1473
00 not covered by the contract
01 priced as billed
02 standard fee schedule
03 contract percentage
04 bundled
05 peer review
06 per diem
07 flat rate
08 combination
09 maternity
10 other
11 lower of cost
12 ratio of cost
13 cost reimbursed
14 adjustment
# 1514
1 eligibility could not be proved
2 litigation
3 authorization delayed
4 provider's certification delayed
5 billing forms delayed
6 custom appliance delayed
7 third party delayed
8 eligibility decision delayed
9 first rejected for another reason
10 prior approval delayed
11 other
15 natural disaster
# 1526
1 followed
2 not followed: no call made
3 not followed: not necessary
4 not followed: other
5 emergency outside the network
# 1527
1 provider outside the network, hospital inside
2 emergency care
3 specialty not in the network
4 outside the service area
5 state mandate
6 other
# Service authorization exception
1 urgent care
2 retroactive period
3 emergency care
4 temporary Medicaid
5 second opinion for the county
6 override requested
7 special handling
# Claim was adjusted
Y yes
# Orthodontic treatment
Y yes
"""
