"""Closed word lists, folded, that let code compare a claim with a source in another language: Dutch and English."""

from __future__ import annotations


def table(text: str) -> dict[str, str]:
    """Read lines of ``meaning: word word …``; an underscore stands for a space inside a word."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {word.replace("_", " "): key.strip() for key, names in rows for word in names.split()}


def _words(text: str) -> list[str]:
    return text.split()


MONTHS = table("""
1: januari january jan
2: februari february feb
3: maart march mrt mar
4: april apr
5: mei may
6: juni june jun
7: juli july jul
8: augustus august aug
9: september sept sep
10: oktober october okt oct
11: november nov
12: december dec
""")

DAYS = table("""
mon: maandag monday
tue: dinsdag tuesday
wed: woensdag wednesday
thu: donderdag thursday
fri: vrijdag friday
sat: zaterdag saturday
sun: zondag sunday
today: vandaag today
yesterday: gisteren yesterday
tomorrow: tomorrow
morning: ochtend morning vanochtend
afternoon: middag afternoon vanmiddag
evening: avond evening vanavond tonight
night: nacht night vannacht
weekend: weekend weekeinde
spring: voorjaar lente
summer: zomer summer
autumn: herfst najaar autumn
winter: winter
""")
"""Days, parts of the day and seasons; Dutch ones also stand inside compounds (``maandagavond``)."""

SMALL = {
    "nl": _words("nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
                 "zeventien achttien negentien"),
    "en": _words("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
                 "sixteen seventeen eighteen nineteen"),
}  # fmt: skip
TENS = {
    "nl": _words("twintig dertig veertig vijftig zestig zeventig tachtig negentig"),
    "en": _words("twenty thirty forty fifty sixty seventy eighty ninety"),
}
SCALES = {
    "nl": {"honderd": 100, "duizend": 1000, "miljoen": 10**6, "mln": 10**6, "miljard": 10**9, "mld": 10**9,
           "biljoen": 10**12, "k": 1000, "m": 10**6, "mio": 10**6},
    "en": {"hundred": 100, "thousand": 1000, "million": 10**6, "mln": 10**6, "mn": 10**6, "billion": 10**9,
           "bn": 10**9, "trillion": 10**12, "tn": 10**12, "k": 1000, "m": 10**6, "b": 10**9},
}  # fmt: skip
ORDINALS = {
    "nl": _words("tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde"),
    "en": _words("second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"),
}
VAGUE = table("""
~10: tientallen dozens tens
~100: honderden hundreds
~1000: duizenden thousands
~1000000: miljoenen millions
~1000000000: miljarden billions
~half: helft
~double: verdubbeld verdubbelde verdubbelt verdubbeling doubled doubles doubling
""")

UNITS = table("""
%: % procent percent pct procentpunt percentage
eur: € euro euros eur
usd: $ dollar dollars usd
gbp: £ pond pound pounds gbp sterling
jpy: ¥ yen jpy
cny: yuan renminbi
year: jaar jaren jarig jarige year years
month: maand maanden maands maandse month months
week: week weken weeks
day: dag dagen daagse daags day days
hour: uur uren hour hours
minute: minuut minuten minute minutes
km: km kilometer kilometers kilometre kilometres
mile: mijl mile miles
kg: kg kilo kilogram kilos
""")
"""What is counted: percent and currencies wherever they stand, the others when they follow a number."""

TITLES = frozenset(
    _words("""
        ceo cfo cto coo president vice minister premier prime chief officer executive research chair chairman
        chairwoman director professor prof doctor dr mr mrs ms sir senator secretary general judge king queen
        prince princess pope mayor governor chancellor commissioner head state foreign affairs finance justice
        department ministry voorzitter directeur koning koningin prins prinses paus burgemeester kanselier
        commissaris staatssecretaris generaal rechter i ik
    """)
)
"""Titles that English writes with capitals: words to be compared like others, not names."""

NEGATIONS = {
    "nl": frozenset(_words("niet geen nooit niemand nergens niets noch nimmer evenmin")),
    "en": frozenset(_words("not no never nobody none nothing nowhere neither nor cannot")),
}
NOT_NEGATIVE = (
    "niet alleen", "niet enkel", "niet slechts", "not only", "not just", "not merely", "nog nooit zo", "no doubt",
    "geen twijfel", "niets minder dan", "nothing less than", "no less than", "never been more", "never had so",
)  # fmt: skip
"""Phrases with a negation in them that do not negate what stands beside them."""

DENIALS = tuple(
    _words("""weiger* geweigerd ontken* verwerp* verwierp* zonder mislukt* nauwelijks stop* gestopt verbied*
    verbod* verboden
    weinig onmogelijk ontbre* afgewezen afgewees afwijz* ondanks minder tegen verlor* verloor uitgesloten
    kwijt refus* deny
    deni* reject* without fail* hardly barely ban bans banned prohibit* few impossible lack* unable despite
    instead unlike
    less against lost declin* dismiss* laat_staan moeilijk_te_overdrijven hard_to_overstate anders_dan rather_than
    in_plaats_van""")
)
"""Words that deny without a negation; they excuse a difference, they never make one. ``*`` and ``_`` as above."""

OPPOSITES = (
    ("stijg* gesteg* steeg toenam* toenem* toegenom* groei* gegroei* verhoog* rise rises rose risen rising "
     "increas* grow* grew rais*",
     "daal* gedaal* afnam* afnem* afgenom* kromp* krimp* verlaag* fall falls fell fallen falling decreas* declin* "
     "shrink* shrank"),
    ("hoger hogere meer higher more", "lager lagere minder lower less fewer"),
    ("win wint won gewonnen winning wins", "verlies verliest verloor verloren lose loses lost"),
    ("beter betere superieur* better superior", "slechter slechtere inferieur* worse inferior"),
    ("prijst prees geprezen looft loofde steunt steunde steunen voorstander* verwelkom* "
     "praise praised praises support supported supports welcome welcomed welcomes",
     "hekel* kritise* bekritis* verwierp* verwerp* afgewezen tegenstander* veroordeel* "
     "criticis* criticiz* reject* condemn* denounc* oppose opposes opposed"),
    ("open opent opende geopend opens opened", "sluit sloot gesloten sluiten close closes closed"),
    ("koopt kocht gekocht kopen buys bought buy buying", "verkoopt verkocht verkopen sells sold sell selling"),
)  # fmt: skip
"""Words that turn a statement round: where the source has only one side, a claim cannot have only the other.

``*`` stands for any ending, ``_`` for a space."""

GRAVE = (
    "ontslagen ontslag ontslaat ontslaan fired dismissed dismissal sacked laid_off layoffs",
    "afgetreden aftreden treedt_af trad_af opgestapt stapte_op resign resigned resigns resignation stepped_down",
    "fraude fraudeur oplichting oplichter fraud fraudulent swindle scam scammer",
    "gearresteerd arrestatie aangehouden opgepakt arrested arrest detained",
    "dood overleden stierf sterft gestorven gedood vermoord moord moordenaar overlijden dead died dies killed "
    "murder murdered murderer death",
    "failliet faillissement bankroet bankrupt bankruptcy insolvent insolvency",
    "rechtszaak aangeklaagd aanklacht aanklagen lawsuit sued sues charged indicted prosecuted",
    "veroordeeld schuldig convicted guilty sentenced",
    "loog liegt gelogen leugen leugenaar lied liar",
    "gestolen steelt stal diefstal dief ingebroken inbraak stole stolen steals theft thief burglary broken_into "
    "broke_into",
    "corrupt corruptie omgekocht omkoping smeergeld corruption bribe bribed bribery",
    "verkracht verkrachting misbruik misbruikt aangerand rape raped abuse abused harassment harassed",
    "racist racisme racistisch racism",
    "aanslag aanval aangevallen terrorist attack attacked terrorism bomb",
    "ziek kanker ill sick cancer",
    "gewond verwond injured wounded",
    "gescheiden scheiding divorce divorced",
    "illegaal verboden illegal unlawful banned",
)
"""What nobody is said to have done or suffered unless the source says it of somebody, in words of the same group."""

NUMERALS = frozenset(
    word for words in (*SMALL.values(), *TENS.values(), *SCALES.values(), *ORDINALS.values()) for word in words
)
"""Words that are numbers or parts of them."""

OPENERS = frozenset(
    # How sentences begin in the two languages beyond function words: adverbs, and nouns for people and bodies.
    _words("""last next first new old big small good great high low more less former current own
    laatste vorig vorige volgend volgende eerste nieuw nieuwe oud oude groot grote klein kleine goed goede hoog hoge
    net bijvoorbeeld aangezien verschillende zelfs eerst ergens gedurende naarmate nadat voordat krachtens dergelijke
    bepaalde achter ondanks onderweg vandaag today soon behind due rather nevertheless neither nor certain efforts
    ondertussen intussen niettemin althans wellicht doorgaans meestal soms vaak zelden altijd opnieuw eveneens voorts
    aanvankelijk plotseling helaas gelukkig natuurlijk uiteraard inderdaad zeker vooral namelijk immers
    often sometimes usually always never typically initially originally indeed especially notably unfortunately
    bovendien tevens daarnaast verder ook vervolgens uiteindelijk inmiddels overigens kortom
    samengevat allereerst
    ten tot tegelijk tegelijkertijd hierdoor daardoor hiermee daarmee hierbij desondanks niettemin toch juist mogelijk
    misschien waarschijnlijk vermoedelijk blijkbaar kennelijk later eerder onlangs recent momenteel tegenwoordig begin
    eind medio sinds maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april mei juni
    juli augustus september oktober november december alle alleen beide enkele sommige veel vele weinig meer minder
    werknemer personeel topman topvrouw onderzoek bestuur regering kabinet politie justitie rechter bedrijf concern
    experts critici bronnen inwoners burgers mensen onderzoekers medewerkers werknemers leden kinderen ouders klanten
    aandelen geld cultuur kortgeleden volgens naast dankzij wegens vanwege gezien aldus zo zowel noch indien
    additionally moreover furthermore besides meanwhile however instead overall finally eventually recently currently
    later earlier perhaps maybe possibly probably apparently according regarding concerning given following including
    during despite since until before after both each every several many most some few all only other others another
    monday tuesday wednesday thursday friday saturday sunday january february march june july august october
    employees staff researchers workers people members executives leaders officials critics experts sources management
    talent compensation pay salary salaries money equity stock shares culture company companies police government court
    parliament children parents customers residents citizens yes no ja nee in summary short answer antwoord kort""")
)
