# Positions that change hands, and the second step of signing in.
my-positions = Mina uppgifter i regionen
my-positions-lead = Vilka uppgifter du har och hur du lämnar över dem.
desk-positions-lead = Vem som sköter vad. En uppgift byter innehavare när båda bekräftar.
offers = Erbjudanden
offer-from = erbjuds av { $name }
offer-to = erbjuden: { $name }
offer-take = Ta emot
offer-decline = Tacka nej
offer-withdraw = Dra tillbaka
holders = Innehavare
held-since = sedan { $date }
dismiss = Frånta uppgiften
hand-over = Lämna över en uppgift
hand-over-hint = Uppgiften övergår när den andra loggar in och tar emot den. Då är den inte längre din, och du loggas ut. Erbjudandet gäller i två veckor.
offer-position = Erbjud en uppgift
offer-position-hint = Den andra får uppgiften när hen loggar in och tar emot den. Din egen uppgift lämnar du över på sidan Mina uppgifter i regionen.
offer-what = Uppgift
offer-mail = Mottagarens e-postadress
offer-name = Mottagarens namn, om hen är ny här
offer-submit = Erbjud
second-title = Ett steg till
second-lead = Skriv koden som din autentiseringsapp visar.
second-code = Kod
second-submit = Fortsätt
second-lost = Om du inte har enheten med dig kan du använda en av dina reservkoder. Om också de är borta kan serverns administratör ta bort steget.
second-fault = Koden duger inte. Vänta på nästa kod och skriv den. Samma kod fungerar bara en gång.
second-too-often = För många felaktiga koder. Vänta en kvart och försök igen.
second-set-up = Inloggningens andra steg
second-set-up-lead = Utöver länken i e-posten frågas en kod från din enhet. Då kommer den som läser din e-post inte in i ditt namn.
second-until = De som sköter regionens ärenden måste ha ett andra steg. Ta det i bruk senast { $time }.
second-overdue = De som sköter regionens ärenden måste ha ett andra steg. Arbetsbordet öppnas när du tar det i bruk.
second-to-me = Mina uppgifter
second-in-use = I bruk
second-left =
    { $n ->
        [one] { $n } reservkod kvar.
       *[other] { $n } reservkoder kvar.
    }
second-remove = Ta bort det andra steget
second-remove-hint = Till exempel när du byter enhet eller reservkoderna tar slut: ta först bort och ta sedan i bruk på nytt.
second-begin = Ta i bruk
second-step-app = Installera en autentiseringsapp på din telefon om du inte har en.
second-step-scan = Läs av den här bilden med appen.
second-picture = QR-kod för autentiseringsappen
second-step-type = Eller skriv den här nyckeln i appen:
second-step-code = Skriv koden som appen visar.
second-confirm = Ta i bruk
second-codes = Reservkoder
second-codes-hint = Skriv upp de här. Var och en släpper in dig en gång om enheten försvinner. De visas inte igen.
second-codes-kept = Jag har sparat koderna
failure-second = Inloggningen är inte klar
failure-second-advice = Skriv först koden från din autentiseringsapp.
failure-second-missing = Det andra steget saknas
failure-second-missing-advice = Ta först inloggningens andra steg i bruk.
message-position-held = Personen har redan uppgiften.
message-position-not-held = Uppgiften är inte din.
message-coordinator-only = Bara koordinatorn kan göra detta.
