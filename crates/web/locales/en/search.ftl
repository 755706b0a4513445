# The search across everything.
search-title = Search
search-lead = Find events, tasks, producers and organisations. Words are found in all their forms.
search-everything = Search everything
search-count =
    { $n ->
        [one] { $n } result
       *[other] { $n } results
    }
search-nothing-found = Nothing was found with these words. Try another word or the beginning of one, or remove filters.
search-kind = What
search-kind-all = Everything
search-kind-event = event
search-kind-task = task
search-kind-producer = producer
search-kind-organisation = organisation
search-kinds-event = Events
search-kinds-task = Tasks
search-kinds-producer = Producers
search-kinds-organisation = Organisations
fault-words = Search words: “{ $value }” has no word to search with. Add one that tells what you look for.
fault-kind = What: “{ $value }” is none of the things that can be searched. Choose from the list.
