"""What a person at a terminal, or a program behind it, is told of a checked package."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from service.workflow.verifying.verify_package import FileFound, PackageReport
from signing.reports import SignatureReport

WORDS = MappingProxyType({True: "верен", False: "НЕ ВЕРЕН", None: "проверить не удалось"})
HASHES = MappingProxyType({"sha256": "SHA-256", "streebog256": "ГОСТ Р 34.11-2012 (256)"})


def package_lines(report: PackageReport) -> Iterator[str]:
    """Yield the report in Russian, the answer first, then everything that is not in order."""
    hashes = ", ".join(HASHES[name] for name in report.hashes)
    yield f"пакет {WORDS[report.valid]}: файлов {len(report.files)}, хэши: {hashes}"
    if report.problem:
        yield f"  подпись описи: {report.problem}"
    elif not report.signed:
        yield "  опись не подписана: состав пакета никто не удостоверил"
    for one in report.signatures:
        yield f"  подпись описи: {_signature(one)}"
    for file in report.files:
        if file.valid is not True:
            yield f"  {file.path}: {_trouble(file)}"
    for name in report.strangers:
        yield f"  {name}: в описи этого файла нет, за него никто не поручился"


def package_told(report: PackageReport) -> dict[str, object]:
    """Return the report for a program."""
    return {
        "valid": report.valid,
        "signed": report.signed,
        "sha256": report.sha256,
        "school": report.school,
        "hashes": list(report.hashes),
        "problem": report.problem,
        "signatures": [_told(one) for one in report.signatures],
        "files": [
            {
                "path": one.path,
                "document": one.document,
                "valid": one.valid,
                "code": one.code,
                "reason": one.reason,
                "signatures": [_told(each) for each in one.signatures],
            }
            for one in report.files
        ],
        "strangers": list(report.strangers),
    }


def _trouble(file: FileFound) -> str:
    if file.reason:
        return f"{file.reason} [{file.code}]"
    bad = (one for one in file.signatures if one.valid is not True)
    return "; ".join(_signature(one) for one in bad)


def _signature(one: SignatureReport) -> str:
    who = one.signer.name if one.signer else "владелец неизвестен"
    when = f"{one.signed_at:%d.%m.%Y %H:%M %Z}" if one.signed_at else "время неизвестно"
    return f"{who}, {when}, {one.level} {one.reason}".rstrip()


def _told(one: SignatureReport) -> dict[str, object]:
    return {
        "field": one.field,
        "valid": one.valid,
        "code": one.code,
        "reason": one.reason,
        "level": one.level,
        "signer": one.signer.name if one.signer else None,
        "serial": one.signer.serial if one.signer else None,
        "signed_at": one.signed_at.isoformat() if one.signed_at else None,
    }
