"""Names that Dutch and English write differently: countries and their people, cities, faiths, points of the compass."""

from __future__ import annotations

from newsbot.answering.checking.lexicon import table

NAMES = table("""
nl: nederland netherlands holland nederlandse nederlands nederlander nederlanders dutch
be: belgie belgium belgische belgisch belg belgen belgian belgians
de: duitsland germany duitse duits duitser duitsers german germans
fr: frankrijk france franse frans fransman fransen french
uk: groot-brittannie verenigd_koninkrijk britain united_kingdom uk vk brits britse britten british
uk: engeland engelse engels england english
scots: schotland scotland schotse schots schot schotten scottish scots
welsh: wales welsh welshe
mm: birma burma myanmar birmese burmese
us: verenigde_staten united_states amerika america usa vs u.s us
us: amerikaans amerikaanse amerikaan amerikanen american americans
cn: china chinese chinees chinezen
ru: rusland russia russische russisch russen rus russian russians
ua: oekraine ukraine oekraiense oekraiens oekraieners oekraiener ukrainian ukrainians
es: spanje spain spaanse spaans spanish
it: italie italy italiaanse italiaans italian italians
pl: polen poland poolse pools polish
tr: turkije turkey turkse turks turkish
gr: griekenland greece griekse grieks greek
se: zweden sweden zweedse zweeds swedish
no: noorwegen norway noorse noors norwegian
dk: denemarken denmark deense deens danish
fi: finland finse fins finnish
at: oostenrijk austria oostenrijkse austrian
ch: zwitserland switzerland zwitserse zwitsers swiss
ie: ierland ireland ierse iers irish
pt: portugal portugese portugees portuguese
hu: hongarije hungary hongaarse hongaars hungarian
il: israel israelische israeli israelisch
jp: japan japanse japans japanese
kr: zuid-korea south_korea zuid-koreaanse south_korean korea koreaanse korean
in: india indiase indian
br: brazilie brazil braziliaanse brazilian
ca: canada canadese canadees canadezen canadian canadians
au: australie australia australische australian
za: zuid-afrika south_africa zuid-afrikaanse south_african
eg: egypte egypt egyptische egyptian
ma: marokko morocco marokkaanse moroccan
eu: europese_unie european_union eu
europe: europa europe europese european
asia: azie asia aziatische asian
africa: afrika africa afrikaanse african
un: verenigde_naties united_nations vn un
nato: navo nato
north: noord noorden noordelijk noordelijke north northern
south: zuid zuiden zuidelijk zuidelijke south southern
east: oost oosten oostelijk oostelijke east eastern
west: west westen westers westerse westelijk west western
northeast: noordoost noordoosten noordoostelijk noordoostelijke northeast northeastern
northwest: noordwest noordwesten noordwestelijk noordwestelijke northwest northwestern
southeast: zuidoost zuidoosten zuidoostelijk zuidoostelijke southeast southeastern
southwest: zuidwest zuidwesten zuidwestelijk zuidwestelijke southwest southwestern
middle: midden middle
war: oorlog war wereldoorlog
world: wereld world wereldoorlog
roman: romeins romeinse romein romeinen roman romans
latin: latijn latijns latijnse latin
christian: christelijk christelijke christen christenen christian christians
muslim: moslim moslims islamitisch islamitische muslim muslims islamic
earth: aarde earth
venice: venetie venetiaanse venice venetian
constantinople: constantinopel constantinople
mexico: mexico mexicaans mexicaanse mexican mexicans
brussels: brussel brussels
hague: den_haag the_hague s-gravenhage
london: londen london
paris: parijs paris
berlin: berlijn berlin
vienna: wenen vienna
rome: rome roma
moscow: moskou moscow
beijing: peking beijing
kyiv: kiev kyiv kyjiv
warsaw: warschau warsaw
copenhagen: kopenhagen copenhagen
geneva: geneve geneva
athens: athene athens
lisbon: lissabon lisbon
antwerp: antwerpen antwerp
ghent: gent ghent
bruges: brugge bruges
ai: ai ki kunstmatige_intelligentie artificial_intelligence
""")
"""Names that differ between Dutch and English, with what is derived from them."""
