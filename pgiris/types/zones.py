"""Time zones by the names that PostgreSQL takes.

PostgreSQL: datatype-datetime#DATATYPE-TIMEZONES, datetime-posix-timezone-specs
"""

from __future__ import annotations

import io
import re
import struct
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
UTC_NAMES = frozenset(("utc", "gmt", "zulu", "uct", "universal", "greenwich", "etc/utc", "etc/gmt", "gmt0", "utc0"))
_ABBREVIATION = r"(?:<[+-]?[\w:]+>|[A-Za-z]{3,})"
_OFFSET = r"[+-]?[0-9]{1,3}(?::?[0-5][0-9])?(?::?[0-5][0-9])?"
_POSIX = re.compile(rf"{_ABBREVIATION}?([+-]?)([0-9]{{1,3}})(?::?([0-5][0-9]))?(?::?([0-5][0-9]))?")
_SUMMER_TIME = re.compile(rf"({_ABBREVIATION}{_OFFSET}{_ABBREVIATION}(?:{_OFFSET})?)(,.+)?")
_USUAL_RULE = ",M3.2.0,M11.1.0"  # PostgreSQL: TZDEFRULESTRING in localtime.c


@cache
def find_zone(name: str) -> tzinfo | None:
    """None when there is no zone of that name.

    A POSIX specification counts west of Greenwich, as ``<+02>-02`` for two hours east, also without a name: ``+02:00`` is west.
    """
    if name.lower() in UTC_NAMES:
        return UTC
    known = _names().get(name.lower())
    if known is not None:
        return zoneinfo.ZoneInfo(known)
    match = _POSIX.fullmatch(name)
    if match is None:
        return _with_summer_time(name)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if seconds:  # PostgreSQL: pg_tz_acceptable
        return None
    west = timedelta(hours=hours, minutes=minutes) * (-1 if match[1] == "-" else 1)
    if abs(west) >= timedelta(hours=24):
        return None
    return timezone(-west, _abbreviation(name))


def _with_summer_time(name: str) -> tzinfo | None:
    """Of ``CST7CDT,M4.1.0,M10.5.0``: a zone file that has this rule and no transitions. RFC 8536 s. 3"""
    match = _SUMMER_TIME.fullmatch(name)
    if match is None:
        return None
    header = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    local_time = struct.pack(">lbb", 0, 0, 0) + b"UTC\0"
    rule = match[1] + (match[2] or _USUAL_RULE)
    try:
        return zoneinfo.ZoneInfo.from_file(io.BytesIO(2 * (header + local_time) + b"\n" + rule.encode() + b"\n"), name.upper())
    except ValueError:
        return None


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones() if name not in ("localtime", "posixrules")}


def zone_names() -> list[str]:
    """Names of all zones, as they are spelled."""
    return sorted(_names().values())


def _abbreviation(specification: str) -> str:
    if specification[0] == "<":
        return specification[1 : specification.index(">")]
    return specification[: len(specification) - len(specification.lstrip(_LETTERS))]


def _words(text: str) -> list[str]:
    return text.split()


def _table(text: str) -> list[tuple[str, str]]:
    words = _words(text)
    return list(zip(words[::2], words[1::2], strict=True))


# Abbreviations. PostgreSQL: timezonesets/Default (view pg_timezone_abbrevs)

# Those that always mean the same, in minutes east of Greenwich.
ABBREVIATIONS = {
    word: int(minutes)
    for word, minutes in _table("""
acdt 630 acsst 630 acst 570 act -300 acwst 525 adt -180 aedt 660 aesst 660 aest 600 aft 270 akdt -480 akst -540 almst
420 almt 360 amt -240 ast -240 awsst 540 awst 480 azost 0 azot -60 bdst 120 bdt 360 bnt 480 bort 480 bot -240 bra -180
brst -120 brt -180 bst 60 btt 360 cadt 630 cast 570 cct 480 cdt -300 cest 120 cet 60 cetdst 120 chadt 825 chast 765
chut 600 clst -180 cot -300 cst -360 cxt 420 ddut 600 eat 180 edt -240 eest 180 eet 120 eetdst 180 egst 0 egt -60 est
-300 fet 180 fjst 780 fjt 720 fnst -60 fnt -120 galt -360 gamt -540 gft -180 gilt 720 gmt 0 hkt 480 hst -600 ict 420
idt 180 irt 210 ist 120 jayt 540 jst 540 kdt 600 kgst 360 kst 540 lhst 630 ligt 600 mart -570 mdt -360 mest 120 mesz
120 met 60 metdst 120 mez 60 mht 720 mmt 390 mpt 600 msd 240 mst -420 must 300 mut 240 mvt 300 myt 480 ndt -150 nft
-210 npt 345 nst -210 nzdt 780 nzst 720 nzt 720 pdt -420 pet -300 pgt 600 pht 480 pkst 360 pkt 300 pmdt -120 pmst -180
pont 660 pst -480 pwt 540 pyst -180 ret 240 sadt 630 sast 120 sct 240 taht -600 tft 300 tjt 300 tot 780 trut 600 tvt
720 uct 0 ulast 540 ut 0 utc 0 uyst -120 uyt -180 uzst 360 uzt 300 vut 660 wadt 480 wakt 720 wast 420 wat 60 wdt 540
wet 0 wetdst 60 wft 720 wgst -120 wgt -180 xjt 360 yapt 600 yekst 360 z 0 zulu 0
""")
}
SUMMER_ABBREVIATIONS = frozenset(
    _words("""
acdt acsst adt aedt aesst akdt almst awsst azost bdst brst bst cadt cdt cest cetdst chadt clst edt eest eetdst egst
fjst fnst idt kdt kgst mdt mest mesz metdst msd must ndt nzdt pdt pkst pmdt pyst sadt ulast uyst uzst wadt wdt wetdst
wgst yekst
""")
)
# Those whose meaning has changed, by the zones that tell it.
HISTORIC_ABBREVIATIONS = dict(
    _table("""
amst Asia/Yerevan anast Asia/Anadyr anat Asia/Anadyr arst America/Argentina/Buenos_Aires art
America/Argentina/Buenos_Aires azst Asia/Baku azt Asia/Baku ckt Pacific/Rarotonga clt America/Santiago davt
Antarctica/Davis easst Pacific/Easter east Pacific/Easter fkst Atlantic/Stanley fkt Atlantic/Stanley gest Asia/Tbilisi
get Asia/Tbilisi gyt America/Guyana iot Indian/Chagos irkst Asia/Irkutsk irkt Asia/Irkutsk kgt Asia/Bishkek kost
Pacific/Kosrae krast Asia/Krasnoyarsk krat Asia/Krasnoyarsk lhdt Australia/Lord_Howe lint Pacific/Kiritimati lkt
Asia/Colombo magst Asia/Magadan magt Asia/Magadan mawt Antarctica/Mawson msk Europe/Moscow novst Asia/Novosibirsk novt
Asia/Novosibirsk nut Pacific/Niue omsst Asia/Omsk omst Asia/Omsk petst Asia/Kamchatka pett Asia/Kamchatka pyt
America/Asuncion sgt Asia/Singapore tkt Pacific/Fakaofo tmt Asia/Ashgabat ulat Asia/Ulaanbaatar vet America/Caracas
vlast Asia/Vladivostok vlat Asia/Vladivostok volt Europe/Volgograd yakst Asia/Yakutsk yakt Asia/Yakutsk yekt
Asia/Yekaterinburg
""")
)


class HistoricAbbreviation(tzinfo):
    """What an abbreviation meant at a moment: the zone's offset, without summer time where the zone names that otherwise."""

    def __init__(self, word: str) -> None:
        self._word, self._zone = word.upper(), zoneinfo.ZoneInfo(HISTORIC_ABBREVIATIONS[word])

    def _offset(self, moment: datetime) -> timedelta:
        within = self._known(moment)
        if within.replace(tzinfo=None, fold=0) != moment.replace(tzinfo=None, fold=0):  # clocks skip it: the offset before counts
            within = max(self._known(moment.replace(fold=fold)) for fold in (0, 1))
        name, offset, summer = within.tzname() or "", within.utcoffset(), within.dst()
        assert offset is not None
        return offset - (summer or timedelta()) if name.isalpha() and name != self._word else offset

    def _known(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=self._zone).astimezone(UTC).astimezone(self._zone)

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else self._offset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        return timedelta()

    def tzname(self, moment: datetime | None) -> str:
        return self._word

    def fromutc(self, moment: datetime) -> datetime:
        local = moment.replace(tzinfo=UTC).astimezone(self._zone)
        return (moment + self._offset(local)).replace(tzinfo=self, fold=local.fold)


@cache
def abbreviated_zone(word: str) -> tzinfo | None:
    """The zone of an abbreviation in small letters; None when there is none of this name."""
    if HISTORIC_ABBREVIATIONS.get(word, "").lower() in _names():
        return HistoricAbbreviation(word)
    minutes = ABBREVIATIONS.get(word)
    return None if minutes is None else timezone(timedelta(minutes=minutes), word.upper())
