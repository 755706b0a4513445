event-list = Evenemang
event-list-lead = Träffar, utbildningar, spelningar och föreställningar: vad producenterna ordnar och har nytta av.
event-list-empty = Just nu finns inga kommande evenemang. Nya kommer under säsongen.
event-count =
    { $n ->
        [one] { $n } evenemang
       *[other] { $n } evenemang
    }
event-next = Kommande evenemang
event-all = Alla evenemang
event-when = Tid
event-where = Plats
event-online = På nätet
event-online-link = Delta på nätet
event-organiser = Arrangör
event-capacity = Platser
event-tags = Ämnesord
event-sign-up = Anmäl dig eller köp biljett
event-map = Visa på karta
event-zone = Tider: { $zone }
event-facts = Uppgifter om evenemanget
event-from-fediverse = På din egen server: klistra in den här sidans adress i sökfältet, så kan du spara evenemanget eller berätta om det.
event-status-tentative = Preliminärt
event-status-postponed = Uppskjutet
event-status-rescheduled = Ny tid
event-status-moved-online = Flyttat till nätet
event-status-cancelled = Inställt
event-notice-tentative = Evenemanget är inte bekräftat ännu. Kontrollera innan du ger dig av.
event-notice-postponed = Evenemanget hålls inte vid den angivna tiden. Den nya tiden meddelas på den här sidan.
event-notice-rescheduled = Evenemangets tid har ändrats. Den nya tiden finns nedan.
event-notice-moved-online = Evenemanget hålls på nätet.
event-notice-cancelled = Evenemanget ordnas inte.
event-category-music = Musik
event-category-festivals = Festivaler
event-category-theatre = Teater
event-category-performing-visual-arts = Scenkonst och bildkonst
event-category-film-media = Film och medier
event-category-comedy = Komik
event-category-learning = Utbildning
event-category-workshops-skill-sharing = Verkstäder
event-category-networking = Nätverkande
event-category-family-education = Familjer och barn
event-category-arts = Konst och kultur
event-category-meeting = Träff
event-to-calendar = Lägg till i kalendern
event-views = Visa evenemangen
event-view-list = Som lista
event-view-month = Som kalender
event-view-map = På karta
event-months = Andra månader
event-month-previous = Föregående månad
event-month-next = Nästa månad
event-month-empty = I den här månaden hittades inga evenemang.
event-month-coming = Nästa månad med evenemang
event-today = i dag
event-goes-on = fortsätter
event-until = – { $date }
event-by-region = Evenemang per region
event-map-scope = Kartan visar evenemangen i alla regioner som den här tjänsten känner till.
event-regions-without = Inga evenemang: { $names }.
event-more =
    { $n ->
        [one] och { $n } till
       *[other] och { $n } till
    }
