"""How a record's fields become segments; the examples' golden files show whole claims."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.claim.claim_loop import claim_text, total_charge
from edi.claim.number import attachment_number, patient_control_number
from edi.claim.parties import address_segments, billing_text, patient_text, subscriber_text
from edi.claim.template import template
from edi.claim.values import amount_text, decimal_text
from edi.sample import visits
from edi.x12.template import composite


@pytest.fixture
def visit() -> Any:
    """A plain claim of a child with one procedure."""
    record = next(record for record, _ in visits(50, 1) if "patient" in record)
    for key in (
        "accident",
        "authorization",
        "claim",
        "renderingProvider",
        "serviceFacility",
        "otherInsurance",
        "diagnoses",
    ):
        record.pop(key, None)
    record["procedures"] = [{"code": "D3352", "fee": "215.00", "toothNumber": "9"}]
    record["serviceDate"] = "2026-09-14"
    return record


def segments_of(text: str) -> list[str]:
    *each, last = text.split("~\n")
    assert last == ""
    return each


def body(visit: Any, notes: tuple[str, ...] = (), attachments: tuple[Any, ...] = ()) -> list[str]:
    return segments_of(claim_text(visit, "PCN1", total_charge(visit), notes, attachments))


def line(visit: Any, **fields: Any) -> list[str]:
    visit["procedures"] = [{"code": "D2330", "fee": "100", "toothNumber": "9"} | fields]
    return body(visit)


class TestTemplates:
    def test_fixed_codes_and_empty_places_come_from_the_guide(self) -> None:
        assert template("2300", "REF:G1", "REF02")("PA1") == "REF*G1*PA1"
        assert (
            template("2010BB", "NM1:PR", "NM103", "NM108", "NM109")("PLAN", "PI", "X1")
            == "NM1*PR*2*PLAN*****PI*X1"
        )

    def test_a_required_element_must_be_filled(self) -> None:
        with pytest.raises(ValueError, match="NM103 is required"):
            template("2010BB", "NM1:PR", "NM109")

    def test_an_element_that_is_not_used_cannot_be_filled(self) -> None:
        with pytest.raises(ValueError, match="NM104 is not used"):
            template("2010BB", "NM1:PR", "NM103", "NM104", "NM108", "NM109")

    def test_a_segment_the_guide_does_not_have_cannot_be_written(self) -> None:
        with pytest.raises(KeyError, match="has no REF:ZZ"):
            template("2300", "REF:ZZ", "REF02")

    def test_elements_must_be_named_in_their_order(self) -> None:
        with pytest.raises(ValueError, match="cannot be written"):
            template("2010BB", "NM1:PR", "NM109", "NM103", "NM108")

    def test_trailing_empty_parts_are_not_sent(self) -> None:
        assert composite("AA", "", "", "") == "AA"
        assert template("2010AA", "N3", "N301", "N302")("1 MAIN ST", "") == "N3*1 MAIN ST"


class TestMoney:
    @pytest.mark.parametrize(
        ("fee", "text"),
        [
            ("215.00", "215"),
            ("215.50", "215.5"),
            (215, "215"),
            (215.1, "215.1"),
            ("0", "0"),
            ("0.00", "0"),
            ("1000", "1000"),
            (0.07, "0.07"),
        ],
    )
    def test_amounts_are_canonical(self, fee: Any, text: str) -> None:
        assert amount_text(fee) == text

    @given(st.decimals(0, 999999, places=2))
    def test_no_amount_changes(self, amount: Decimal) -> None:
        text = decimal_text(amount)
        assert Decimal(text) == amount
        assert "E" not in text
        assert not (("." in text) and text.endswith(("0", ".")))

    def test_charges_are_added_exactly(self, visit: Any) -> None:
        visit["procedures"] = [{"code": "D0220", "fee": 0.1}] * 3
        assert total_charge(visit) == Decimal("0.3")
        assert body(visit)[0].startswith("CLM*PCN1*0.3*")


class TestClaim:
    def test_head(self, visit: Any) -> None:
        assert body(visit)[0] == "CLM*PCN1*215***11:B:1*Y*A*Y*Y"

    def test_claim_options(self, visit: Any) -> None:
        visit["placeOfService"] = "22"
        visit["claim"] = {
            "frequency": "replacement",
            "payerClaimControlNumber": "ICN9",
            "assignmentOfBenefits": False,
            "providerAcceptsAssignment": False,
            "releaseOfInformation": False,
            "delayReason": "7",
            "specialProgram": "02",
        }
        head, *rest = body(visit)
        assert head == "CLM*PCN1*215***22:B:7*Y*C*N*I***02********7"
        assert "REF*F8*ICN9" in rest

    def test_predetermination_has_no_service_date(self, visit: Any) -> None:
        visit["claim"] = {"purpose": "predetermination", "predeterminationId": "PD5"}
        segments = body(visit)
        assert segments[0] == "CLM*PCN1*215***11:B:1*Y*A*Y*Y**********PB"
        assert not any(segment.startswith("DTP*472") for segment in segments)
        assert "REF*G3*PD5" in segments

    @pytest.mark.parametrize(
        ("accident", "cause"),
        [
            ({"cause": "auto", "date": "2026-06-02", "state": "OH"}, "AA:::OH"),
            ({"cause": "employment", "date": "2026-06-02"}, "EM"),
            ({"cause": "other", "date": "2026-06-02"}, "OA"),
        ],
    )
    def test_accident(self, visit: Any, accident: Any, cause: str) -> None:
        visit["accident"] = accident
        head, date, *_ = body(visit)
        assert head.split("*")[11] == cause
        assert date == "DTP*439*D8*20260602"

    def test_numbers_given_by_the_payer(self, visit: Any) -> None:
        visit["authorization"] = {"priorAuthorizationNumber": "PA1", "referralNumber": "RF2"}
        assert [s for s in body(visit) if s.startswith("REF*")][:2] == ["REF*9F*RF2", "REF*G1*PA1"]

    def test_paperwork_on_request_has_no_number(self, visit: Any) -> None:
        own = {"type": "radiograph", "controlNumber": "ACN1"}
        segments = body(visit, attachments=(own, {"type": "models", "transmission": "AA"}))
        assert "PWK*RB*EL***AC*ACN1" in segments
        assert "PWK*DA*AA" in segments

    def test_diagnoses_lose_their_dots(self, visit: Any) -> None:
        visit["diagnoses"] = ["K04.1", "S02.5XXA", "k04.7", "K0402"]
        assert "HI*ABK:K041*ABF:S025XXA*ABF:K047*ABF:K0402" in body(visit)

    def test_rendering_provider_only_when_another(self, visit: Any) -> None:
        visit["renderingProvider"] = {
            "npi": visit["billingProvider"]["npi"],
            "lastName": "X",
            "firstName": "Y",
        }
        assert not any(s.startswith("NM1*82") for s in body(visit))
        visit["renderingProvider"] = {
            "npi": "1679576722",
            "lastName": "Okafor",
            "firstName": "A",
            "taxonomyCode": "1223E0200X",
        }
        assert (
            body(visit)[body(visit).index("NM1*82*1*Okafor*A****XX*1679576722") + 1]
            == "PRV*PE*PXC*1223E0200X"
        )

    def test_service_facility_only_when_elsewhere(self, visit: Any) -> None:
        visit["serviceFacility"] = {
            "organizationName": "Here",
            "address": visit["billingProvider"]["address"],
        }
        assert not any(s.startswith("NM1*77") for s in body(visit))
        visit["serviceFacility"] = {
            "organizationName": "Surgery",
            "npi": "1679576722",
            "address": {"line1": "9 Elm", "city": "Columbus", "state": "OH", "postalCode": "43206"},
        }
        assert "NM1*77*2*Surgery*****XX*1679576722" in body(visit)


class TestLine:
    def test_one_plain_service(self, visit: Any) -> None:
        assert line(visit)[-4:] == ["LX*1", "SV3*AD:D2330*100", "TOO*JP*9", "REF*6R*PCN1-1"]

    def test_surfaces_area_quantity_pointers(self, visit: Any) -> None:
        assert line(visit, surfaces="MOD")[-2] == "TOO*JP*9*M:O:D"
        assert (
            line(visit, oralCavity="10", quantity=2, diagnosisPointers=[1, 3])[-3]
            == "SV3*AD:D2330*100**10**2*****1:3"
        )

    def test_a_date_of_its_own_only_where_it_differs(self, visit: Any) -> None:
        assert not any(s.startswith("DTP*472") for s in line(visit, serviceDate="2026-09-14")[3:])
        assert "DTP*472*D8*20260913" in line(visit, serviceDate="2026-09-13")

    def test_description(self, visit: Any) -> None:
        assert "SV3*AD:D2330:::::By report*100" in line(visit, description="By report")

    def test_a_description_is_spelled_in_characters_of_the_claim(self, visit: Any) -> None:
        assert "SV3*AD:D2330:::::Cafe - 2 x*100" in line(visit, description="Café: 2 ×")
        assert "SV3*AD:D2330*100" in line(visit, description="\n")

    def test_a_description_that_grows_when_spelled_is_cut(self, visit: Any) -> None:
        (service,) = [each for each in line(visit, description="½" * 80) if each.startswith("SV3*")]
        assert len(service.split("*")[1].split(":")[-1]) == 80


class TestParties:
    def test_the_country_is_written_only_abroad(self) -> None:
        home = {"line1": "1 A St", "city": "Columbus", "state": "OH", "postalCode": "43215", "country": "US"}
        away = {"line1": "1 A St", "city": "London", "country": "GB"}
        assert address_segments(home)[1] == "N4*Columbus*OH*43215"  # type: ignore[arg-type]
        assert address_segments(away)[1] == "N4*London***GB"  # type: ignore[arg-type]

    def test_a_state_abroad_is_a_subdivision_and_a_province_is_a_state(self) -> None:
        address: Any = {
            "line1": "1 A St",
            "city": "Toronto",
            "state": "ON",
            "postalCode": "M5V2T6",
            "country": "CA",
        }
        assert address_segments(address)[1] == "N4*Toronto*ON*M5V2T6*CA"
        address |= {"city": "London", "state": "LND", "country": "GB"}
        assert address_segments(address)[1] == "N4*London**M5V2T6*GB***LND"

    @pytest.mark.parametrize(
        ("contact", "ways"),
        [
            ({"phone": "1 (614) 555-0142", "extension": "x4"}, ["TE*6145550142*EX*4"]),
            ({"fax": "614.555.0143", "email": "a@b.example"}, ["FX*6145550143*EM*a@b.example"]),
            ({"extension": "4"}, []),
            (
                {"phone": "6145550142", "extension": "4", "fax": "6145550143", "email": "a@b.example"},
                ["TE*6145550142*EX*4*FX*6145550143", "EM*a@b.example"],
            ),
        ],
    )
    def test_contact(self, visit: Any, contact: Any, ways: list[str]) -> None:
        visit["billingProvider"]["contact"] = {"name": "Desk"} | contact
        found = [s for s in segments_of(billing_text(visit)) if s.startswith("PER*")]
        assert found == [f"PER*IC*Desk*{each}" for each in ways]

    def test_only_a_subscriber_who_is_the_patient_shows_address_and_birth(self, visit: Any) -> None:
        other = [s.split("*")[0] for s in segments_of(subscriber_text(visit))]
        assert other == ["SBR", "NM1", "NM1"]
        assert segments_of(subscriber_text(visit))[0].split("*")[2] == ""
        visit["subscriber"] |= {
            "firstName": "Dana",
            "birthDate": "1986-02-11",
            "gender": "F",
            "address": visit["patient"]["address"],
        }
        del visit["patient"]
        own = segments_of(subscriber_text(visit))
        assert own[0].split("*")[2] == "18"
        assert [s.split("*")[0] for s in own] == ["SBR", "NM1", "N3", "N4", "DMG", "NM1"]
        # Who has a birth date is a person, with one name only too.
        del visit["subscriber"]["firstName"]
        assert segments_of(subscriber_text(visit))[1].startswith("NM1*IL*1*")

    def test_patient(self, visit: Any) -> None:
        visit["patient"] |= {"relationshipToSubscriber": "child", "birthDate": "2017-05-30", "gender": "M"}
        assert segments_of(patient_text(visit))[0] == "PAT*19"
        assert segments_of(patient_text(visit))[-1] == "DMG*D8*20170530*M"

    def test_pay_to_address_only_when_another(self, visit: Any) -> None:
        visit["payToAddress"] = dict(visit["billingProvider"]["address"])
        assert not any(s.startswith("NM1*87") for s in segments_of(billing_text(visit)))
        visit["payToAddress"]["line1"] = "PO Box 9"
        segments = segments_of(billing_text(visit))
        assert "N3*PO Box 9" in " ".join(segments[segments.index("NM1*87*2") :])

    def test_a_person_bills_under_a_social_security_number(self, visit: Any) -> None:
        billing = visit["billingProvider"]
        billing.pop("organizationName", None)
        billing |= {"lastName": "Vela", "firstName": "C", "taxId": "987654321", "taxIdType": "SSN"}
        segments = segments_of(billing_text(visit))
        assert any(s.startswith("NM1*85*1*Vela*C****XX*") for s in segments)
        assert "REF*SY*987654321" in segments


class TestNumbers:
    def test_a_short_id_is_the_control_number(self, visit: Any) -> None:
        visit["visitId"] = "A" * 20
        assert patient_control_number(visit) == "A" * 20

    def test_long_ids_stay_apart_and_short(self, visit: Any) -> None:
        numbers = set()
        for end in range(100):
            visit["visitId"] = f"{'LONG-' * 6}{end}"
            numbers.add(patient_control_number(visit))
        assert len(numbers) == 100
        assert {len(number) for number in numbers} == {20}

    def test_attachment_numbers_differ_by_practice_visit_and_attachment(self, visit: Any) -> None:
        first = attachment_number(visit, "P", "xr-1")
        assert first == attachment_number(visit, "P", "xr-1")
        assert first != attachment_number(visit, "P", "xr-2")
        visit["billingProvider"]["npi"] = "1679576722"
        assert first != attachment_number(visit, "P", "xr-1")


class TestOtherPayers:
    @pytest.fixture
    def secondary(self, visit: Any) -> Any:
        visit["subscriber"]["payerResponsibility"] = "secondary"
        visit["patient"]["relationshipToSubscriber"] = "child"
        visit["otherInsurance"] = [
            {
                "payer": {"payerId": "FIRST1", "name": "First Plan"},
                "subscriber": {"memberId": "M1", "lastName": "Marsh", "firstName": "Lee"},
                "paidAmount": "100.00",
                "paidDate": "2026-10-01",
                "payerClaimControlNumber": "ICN7",
                "lines": [
                    {
                        "line": 1,
                        "paidAmount": "100",
                        "paidDate": "2026-10-01",
                        "adjustments": [
                            {"group": "CO", "reason": "45", "amount": "65.00"},
                            {"group": "PR", "reason": "1", "amount": "50.00"},
                        ],
                    }
                ],
            }
        ]
        return visit

    def test_claim_and_line(self, secondary: Any) -> None:
        segments = body(secondary)
        start = segments.index("SBR*P*19*******CI")
        assert segments[start : start + 6] == [
            "SBR*P*19*******CI",
            "AMT*D*100",
            "OI***Y***Y",
            "NM1*IL*1*Marsh*Lee****MI*M1",
            "NM1*PR*2*First Plan*****PI*FIRST1",
            "REF*F8*ICN7",
        ]
        assert segments[-4:] == [
            "SVD*FIRST1*100*AD:D3352**1",
            "CAS*CO*45*65",
            "CAS*PR*1*50",
            "DTP*573*D8*20261001",
        ]

    def test_the_claim_tells_when_it_was_decided_where_no_line_does(self, secondary: Any) -> None:
        del secondary["otherInsurance"][0]["lines"]
        assert "DTP*573*D8*20261001" in body(secondary)

    def test_a_line_counts_as_often_as_ours_unless_it_says_otherwise(self, secondary: Any) -> None:
        secondary["procedures"][0]["quantity"] = 2
        assert "SVD*FIRST1*100*AD:D3352**2" in body(secondary)
        secondary["otherInsurance"][0]["lines"][0] |= {"quantity": 1, "code": "D3351"}
        assert "SVD*FIRST1*100*AD:D3351**1" in body(secondary)

    def test_a_patient_of_one_name_is_a_person_to_other_payers_too(self, secondary: Any) -> None:
        del secondary["otherInsurance"][0]["subscriber"]["firstName"]
        assert "NM1*IL*2*Marsh*****MI*M1" in body(secondary)
        secondary["otherInsurance"][0]["relationshipToSubscriber"] = "self"
        assert "NM1*IL*1*Marsh*****MI*M1" in body(secondary)

    def test_what_it_does_not_say_is_as_with_this_claim(self, secondary: Any) -> None:
        secondary["claim"] = {"assignmentOfBenefits": False, "releaseOfInformation": False}
        assert "OI***N***I" in body(secondary)
        secondary["otherInsurance"][0] |= {"assignmentOfBenefits": True, "relationshipToSubscriber": "self"}
        segments = body(secondary)
        assert "OI***Y***I" in segments
        assert "SBR*P*18*******CI" in segments

    def test_more_than_six_adjustments_of_a_group_take_another_segment(self, secondary: Any) -> None:
        secondary["otherInsurance"][0]["adjustments"] = [
            {"group": "CO", "reason": str(reason), "amount": "1", "quantity": 2} for reason in range(1, 9)
        ]
        made = [segment for segment in body(secondary) if segment.startswith("CAS*")][:2]
        assert made == ["CAS*CO*" + "*".join(f"{n}*1*2" for n in range(1, 7)), "CAS*CO*7*1*2*8*1*2"]
