"""Powers of attorney as the unified format 003 has them; people and schools are made up."""

from __future__ import annotations

from datetime import date

NUMBER = "3f2a9c1e-8b4d-4e6f-9a1b-2c3d4e5f6a7b"
INN, SNILS = "667108612345", "11223344595"


def person(surname: str, names: str, inn: str = INN, snils: str = SNILS) -> str:
    """Return a representative."""
    name, _, patronymic = names.partition(" ")
    return (
        f'<СвУпПред ТипПред="3"><Пред><СведФизЛ ИННФЛ="{inn}" СНИЛС="{snils}"><СведФЛ '
        f'ДатаРожд="1980-01-01"><ФИО Фамилия="{surname}" Имя="{name}" Отчество="{patronymic}"/>'
        "</СведФЛ></СведФизЛ></Пред></СвУпПред>"
    )


def make_attorney(
    *representatives: str,
    number: str = NUMBER,
    issued: date | str = date(2026, 1, 15),
    until: date | str = date(2029, 1, 14),
    joint: str = "2",
    encoding: str = "UTF-8",
) -> bytes:
    """Return a power of attorney of a school, in XML."""
    acting = "".join(representatives or (person("Громова", "Ольга Ивановна"),))
    return f"""<?xml version="1.0" encoding="{encoding}"?>
<Доверенность xmlns="urn://x-artefacts/EMCHD_1" ВерсФорм="EMCHD_1" ПрЭлФорм="00000000">
<Документ><Довер>
<СвДов НомДовер="{number}" ДатаВыдДовер="{issued}" СрокДейст="{until}"/>
<СвДоверит ТипДоверит="1"><Доверит><РосОргДовер>
<СвРосОрг НаимОрг="МБОУ СОШ № 18" ИННЮЛ="6671086123" ОГРН="1026605390001"/>
<ЛицоБезДов><СвФЛ ИННФЛ="667100000001" СНИЛС="112-233-445 96"><СведФЛ>
<ФИО Фамилия="Светлова" Имя="Анна" Отчество="Юрьевна"/></СведФЛ></СвФЛ></ЛицоБезДов>
</РосОргДовер></Доверит></СвДоверит>
{acting}
<СвПолн ТипПолн="0" ПрСовмПолн="{joint}"><ТекстПолн>Подписывать документы</ТекстПолн></СвПолн>
</Довер></Документ></Доверенность>""".encode(encoding)
