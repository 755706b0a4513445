# For those who run the node.
self-test-title = Fungerar tjänsten?
self-test-lead = Fem saker som tjänsten är beroende av.
self-test-well = Tjänsten är i bruk, och inga fel hittades.
self-test-faults =
    { $n ->
        [one] En sak måste rättas till. Nedan står vad som ska göras.
       *[other] { $n } saker måste rättas till. Nedan står vad som ska göras.
    }
self-test-state-good = I sin ordning
self-test-state-bad = Måste rättas till
self-test-state-unknown = Inte känt ännu
self-test-name-dns = Adress
self-test-name-tls = Förbindelsen utifrån och krypteringen
self-test-name-clock = Klocka
self-test-name-mail = E-post
self-test-name-out = Förbindelsen till andra servrar
self-test-said-dns-good = Tjänstens namn finns i namntjänsten.
self-test-said-dns-bad = Tjänstens namn finns inte i namntjänsten. Lägg till en A- eller AAAA-post för domänen som pekar på den här servern. Ändringen kan ta timmar.
self-test-said-dns-unknown = Namnet kunde inte kontrolleras.
self-test-said-tls-good = Tjänsten svarar på sin egen adress också när den nås utifrån.
self-test-said-tls-bad = Tjänsten svarar inte på sin egen adress. Kontrollera att proxyn (Caddy eller nginx) är igång, att port 443 är öppen och att certifikatet gäller. Om hemnätet eller brandväggen hindrar förbindelser till sig själv, pröva med en telefon.
self-test-said-tls-unknown = Förbindelsen kunde inte kontrolleras.
self-test-said-clock-good = Klockan går rätt jämfört med andra servrar.
self-test-said-clock-bad = Klockan går mer än 30 sekunder fel, och andra servrar kan avvisa meddelandena. Starta tidstjänsten: timedatectl set-ntp true.
self-test-said-clock-unknown = Det finns ännu inget att jämföra klockan med: det behövs svar från tre andra servrar under den senaste timmen.
self-test-said-mail-good = En e-postserver är angiven, och inget meddelande har fastnat.
self-test-said-mail-bad = Meddelandena går inte i väg. Lägg till en e-postserver i inställningarna (avsnittet mail) eller kontrollera dess adress och lösenord, och starta om tjänsten.
self-test-said-mail-unknown = Meddelandena sparas i en mapp och skickas inte: så är det bara i ett testnät.
self-test-said-out-good = Någon annan server har svarat under den senaste veckan.
self-test-said-out-bad = Ingen annan server har svarat. Kontrollera att brandväggen släpper ut till port 443 och att serverns namntjänst fungerar.
self-test-said-out-unknown = Ingen förbindelse till andra servrar har tagits ännu. Det klarnar när den första följaren kommer.
record-title = Register över behandling
record-lead = Registret enligt artikel 30 i dataskyddsförordningen. Det byggs upp av programmets egna uppgifter och stämmer alltid med programmet.
record-going = Vad reglerna tar bort härnäst
record-going-lead = Reglerna tar själva bort det vars tid är ute, med några timmars mellanrum. Talen är rader som varje regel gäller.
record-going-what = Vad, och enligt vilken regel
record-going-now = Nu
record-going-soon = Inom ett dygn
record-going-nothing = Inget ska tas bort under det närmaste dygnet.
record-recipients = Mottagare och överföringar
record-transfers = Programmet överför inte uppgifter utanför EU på eget initiativ. En följare kan finnas var som helst: att publicera är personens egen handling.
record-security = Skyddsåtgärder
record-security-way-in = Det finns inga lösenord: man kommer in med en länk per e-post, som fungerar en gång och i 15 minuter. Av den och av sessionen sparas bara ett hashvärde.
record-security-views = Sidor, flöden, sökindex och meddelanden bildas bara av det som samtycket i den stunden gäller.
record-security-logs = I den tekniska loggen skrivs varken meddelandens innehåll, koder, e-postadresser eller besökares adresser.
record-security-operator = Den som driver tjänsten kompletterar: var servern finns, säkerhetskopiorna och hur länge de sparas, och vilka som kommer åt servern.
