# For those who run the node.
self-test-title = Does the service work?
self-test-lead = Five things that the service depends on.
self-test-well = The service is in use, and no faults were found.
self-test-faults =
    { $n ->
        [one] One thing has to be fixed. See below what to do.
       *[other] { $n } things have to be fixed. See below what to do.
    }
self-test-state-good = Good
self-test-state-bad = To be fixed
self-test-state-unknown = Not known yet
self-test-name-dns = Address
self-test-name-tls = Connection from outside, and encryption
self-test-name-clock = Clock
self-test-name-mail = Mail
self-test-name-out = Connection to other servers
self-test-said-dns-good = The name of the service is known to DNS.
self-test-said-dns-bad = DNS does not know the name of the service. Add an A or AAAA record for the domain that points to this server. The change may take hours.
self-test-said-dns-unknown = The name could not be looked up.
self-test-said-tls-good = The service answers under its own address when it is asked from outside.
self-test-said-tls-bad = The service does not answer under its own address. See that the proxy (Caddy or nginx) runs, that port 443 is open and the certificate valid. If a home network or firewall refuses connections to itself, try with a phone.
self-test-said-tls-unknown = The connection could not be tried.
self-test-said-clock-good = The clock agrees with those of other servers.
self-test-said-clock-bad = The clock is off by more than 30 seconds, and other servers may refuse messages. Start the time service: timedatectl set-ntp true.
self-test-said-clock-unknown = There is nothing yet to compare the clock with: it takes answers from three other servers within an hour.
self-test-said-mail-good = A mail server is set, and no message is stuck.
self-test-said-mail-bad = Messages are not being sent. Add a mail server to the configuration (section mail), or check its address and password, and restart the service.
self-test-said-mail-unknown = Messages are kept in a folder and not sent: this happens only on a test network.
self-test-said-out-good = Some other server has answered within a week.
self-test-said-out-bad = No other server has answered. See that the firewall lets requests out to port 443 and that the server’s DNS works.
self-test-said-out-unknown = No other server has been contacted yet. It will be known when the first follower comes.
record-title = Record of processing
record-lead = The record that Article 30 of the GDPR asks for. It is made of the program’s own declarations, and always agrees with the program.
record-going = What the rules will remove next
record-going-lead = Every few hours, the rules remove what has been kept for long enough. The numbers are rows of each rule.
record-going-what = What, and by which rule
record-going-now = Now
record-going-soon = Within a day
record-going-nothing = Nothing is due to be removed within the next day.
record-recipients = Recipients and transfers
record-transfers = The program transfers no data out of the EU of its own accord. A follower may be anywhere: publishing is the person’s own act.
record-security = Measures of protection
record-security-way-in = There are no passwords: people sign in with a link sent by e-mail, which works once and for 15 minutes. Only a hash of it and of the session is kept.
record-security-views = Pages, feeds, the search index and messages are made of what there is consent to at that moment, and of nothing else.
record-security-logs = No contents of messages, tokens, mail addresses or addresses of visitors are written into the technical log.
record-security-operator = For the operator to fill in: where the server is, backups and how long they are kept, and who can get at the server.
