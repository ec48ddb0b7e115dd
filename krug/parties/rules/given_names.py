"""Common given names, by which «Марина Фёдорова» is told from «Фёдорова Марина»; ё is written as е."""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
    александр алексей анатолий андрей антон аркадий арсений артем артур афанасий ахмед богдан борис булат вадим
    валентин валерий василий вениамин виктор виталий владимир владислав всеволод вячеслав гавриил геннадий георгий
    герман глеб григорий давид дамир даниил данила денис дмитрий евгений егор ефим захар иван игнат игорь ильдар илья
    ильяс иннокентий иосиф кирилл константин лев леонид лука магомед макар максим марат марк мартин матвей мирон
    михаил мурат никита николай олег оскар павел петр платон прохор радик рамиль рашид ренат ринат роберт родион роман
    руслан рустам рустем савва савелий самуил святослав семен сергей станислав степан тамерлан тарас тимофей тимур
    тихон федор феликс филипп эдуард эльдар эмиль эрик юлиан юлий юрий яков ян ярослав
    агата аделина айгуль алевтина александра алена алина алиса алла альбина альфия амина анастасия ангелина анжела
    анжелика анна антонина арина валентина валерия варвара василиса вера вероника виктория виолетта галина гульнара
    дарья диана дина ева евгения евдокия екатерина елена елизавета жанна зарина зинаида злата зоя инга инна ирина
    камилла капитолина карина кира кристина ксения лариса лейла лиана лидия лилия любовь людмила майя маргарита
    марина мария марта марьяна милана милена мирослава надежда наталия наталья нелли ника нина оксана олеся ольга
    полина раиса регина римма роза руфина сабина светлана снежана софия софья таисия тамара татьяна ульяна фаина
    фатима эвелина элина эльвира эльмира эмилия эмма юлия яна ярослава
    alex alexander alexey andrew andrey anna anton boris catherine charles christopher daniel daria david denis dmitry
    edward ekaterina elena elizabeth emma eric eugene frank george grace hans helen igor ilya irina ivan jack james
    jane jennifer jessica john joseph julia karen kate kevin konstantin laura linda lisa maria marina mark mary matthew
    maxim michael mikhail natalia nicholas nikita nikolay nina oleg olga oliver patricia paul pavel peter richard
    robert roman ruth ryan sarah sergei sergey simon sofia stephen susan svetlana tatiana thomas victor victoria
    vladimir william xenia yulia yuri
"""
GIVEN_NAMES: Final = frozenset(_NAMES.split())
