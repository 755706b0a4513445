# Positions that change hands, and the second step of signing in.
my-positions = My positions
my-positions-lead = Which positions you hold, and how you hand them over.
desk-positions-lead = Who does what. A position changes hands when both sides confirm it.
offers = Offers
offer-from = offered by { $name }
offer-to = offered to { $name }
offer-take = Take it
offer-decline = Decline
offer-withdraw = Take the offer back
holders = Holders
held-since = since { $date }
dismiss = Take the position away
hand-over = Hand a position over
hand-over-hint = The position changes hands when the other one signs in and takes it. Then it is no longer yours, and you are signed out. The offer holds for two weeks.
offer-position = Offer a position
offer-position-hint = The other one gets the position by signing in and taking it. Your own is handed over on the page My positions.
offer-what = Position
offer-mail = The receiver’s e-mail address
offer-name = The receiver’s name, if they are new here
offer-submit = Offer
second-title = One more step
second-lead = Write the code that your authenticator app shows.
second-code = Code
second-submit = Go on
second-lost = If you do not have the device with you, use one of your recovery codes. If those are lost too, whoever runs the server can remove the step.
second-fault = The code is not good. Wait for the next one and write it. A code works once only.
second-too-often = Too many wrong codes. Wait a quarter of an hour, then try again.
second-set-up = The second step of signing in
second-set-up-lead = Beside the link in the mail you are asked for a code of your device. So whoever reads your mail does not get in as you.
second-until = Who runs the region needs the second step. Set it up by { $time }.
second-overdue = Who runs the region needs the second step. The desk opens when you have set it up.
second-to-me = My details
second-in-use = In use
second-left =
    { $n ->
        [one] { $n } recovery code left.
       *[other] { $n } recovery codes left.
    }
second-remove = Remove the second step
second-remove-hint = When you change the device, say, or run out of recovery codes: remove it first, then set it up again.
second-begin = Set it up
second-step-app = Install an authenticator app on your phone, if you have none.
second-step-scan = Scan this picture with the app.
second-picture = QR code for the authenticator app
second-step-type = Or type this key into the app:
second-step-code = Write the code that the app shows.
second-confirm = Set it up
second-codes = Recovery codes
second-codes-hint = Write these down. Each lets you in once if the device is lost. They are not shown again.
second-codes-kept = I have kept the codes
failure-second = Signing in is not finished
failure-second-advice = First write the code of your authenticator app.
failure-second-missing = The second step is missing
failure-second-missing-advice = First set up the second step of signing in.
message-position-held = They hold the position already.
message-position-not-held = The position is not yours.
message-coordinator-only = Only the coordinator can do this.
