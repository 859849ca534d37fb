import pytest

from apps.ingestion.engines.authentication import FAILED, authentication, is_forged


@pytest.mark.parametrize(
    "results",
    [
        ["mx.example; dkim=pass spf=pass; dmarc=fail (p=NONE) header.from=out.example"],
        ["mx.example; DMARC=Fail"],
        ["mx.example;\r\n dmarc = fail"],
        ["spf=fail smtp.mailfrom=a.example; dkim=none; dmarc=none; compauth=fail reason=601"],
        ["mx.example; spf=fail; dkim=none"],
        ["mx.example; spf=fail; dmarc=none"],
        ["mx.example; dmarc=fail", "mx.forger.example; dmarc=pass"],
    ],
)
def test_a_mail_that_is_not_from_its_senders_domain_is_known(results: list[str]) -> None:
    assert authentication(results) == FAILED


@pytest.mark.parametrize(
    "results",
    [
        [],
        [""],
        ["mx.example; none"],
        ["mx.example; dkim=pass; spf=pass; dmarc=pass"],
        # Forwarded: the path differs, the signature holds.
        ["mx.example; spf=fail; dkim=pass"],
        ["mx.example; spf=fail; dkim=pass; dmarc=pass"],
        ["mx.example; dmarc=temperror; spf=softfail"],
        ["mx.example; spf=pass (dmarc=fail)"],
        ["mx.example; spf=pass smtp.mailfrom=xdmarc=fail.example"],
    ],
)
def test_what_nobody_found_to_be_forged_is_not_called_so(results: list[str]) -> None:
    assert authentication(results) is None


def test_a_fact_without_a_word_about_it_is_not_forged() -> None:
    assert not is_forged({})
    assert is_forged({"authentication": FAILED})
