"""Words that passwords are guessed by first: what people in Russia choose, and what all do."""

from __future__ import annotations

GUESSED = """
1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik zaq1 xsw2 cde3 qazwsx
password passw0rd passwd pass qwerty qwert asdf zxcv admin administrator root user login
welcome letmein master monkey dragon shadow sunshine princess football baseball superman batman
iloveyou love hello freedom whatever trustno starwars pokemon naruto minecraft michael jordan
ashley charlie daniel jessica thomas michelle andrew nicole maggie pepper ginger summer winter
spring autumn google yandex mail windows computer internet samsung iphone android
qazxsw changeme default guest test temp secret access system server school teacher director student
class russia russian moscow spartak zenit lokomotiv marina natasha svetlana tatyana elena olga irina
ekaterina anna maria nadezhda galina ludmila alexander sergey andrey dmitry alexey vladimir
nikolay maxim ivan mikhail pavel kirill roman viktor oleg igor denis anton vedomost vedomosti
parol solnishko zaika kotik privet lubov lublu shkola uchitel direktor klass urok
пароль парол привет солнышко солнце зайка зайчик котик котенок кошка собака рыбка люблю любовь
любимый любимая малыш дорогая родная ангел звезда счастье удача мама маму мамочка папа папу
сестра братик семья дочка сынок мое твое черт россия москва питер сибирь урал кремль победа слава
спартак зенит динамо локомотив футбол хоккей наташа светлана татьяна елена ольга ирина
екатерина анна мария надежда галина людмила марина юлия оксана александр саша сергей андрей
дмитрий дима алексей леша владимир вова николай коля максим иван михаил миша павел паша кирилл
роман виктор олег игорь денис антон школа школьный школьник учитель учительница директор завуч
ученик класс классный урок журнал дневник оценка секретарь гимназия лицей образование ведомость
ведомости администратор админ секрет доступ вход система компьютер интернет яндекс почта
январь февраль март апрель июнь июль август сентябрь октябрь ноябрь декабрь зима весна лето
осень понедельник вторник среда четверг пятница суббота воскресенье йцукен фыва ячсм
"""
WORDS = frozenset(GUESSED.split())
