"""What each reason's code means in words: what happened, why, what to do ('' where there is nothing to add).

One table for errors, for deliveries that wait or failed, and for accounts, so that the window, the
command line and the list of problems speak alike. `{detail}` is the error's short fact.
"""

from __future__ import annotations

from cmdesk import (
    wording_approval,
    wording_by_hand,
    wording_campaigns,
    wording_cases,
    wording_circles,
    wording_crisis,
    wording_hours,
    wording_links,
    wording_listening,
    wording_markets,
    wording_media,
    wording_outbox,
    wording_people,
    wording_preflight,
    wording_review,
    wording_scheduling,
    wording_targeting,
    wording_templates,
    wording_triage,
    wording_voice,
    wording_waking,
)
from cmdesk.i18n import N_

Words = tuple[str, str, str]

_SIGN_IN = N_("Copy it again from the network's settings.")
_CHOOSE_PICTURE = N_("Choose another file (PNG, JPEG, WebP or GIF).")
_LOOK = N_("Look at the profile, then say whether it is there.")

BY_CODE: dict[str, Words] = {
    # the vault
    "vault_refused": (
        N_("This computer's keychain keeps secrets unprotected"),
        N_("The keychain in use ({detail}) writes them in clear."),
        N_("Install a keychain (for example GNOME Keyring) or choose a passphrase."),
    ),
    "vault_slow": (
        N_("The keychain does not answer"),
        N_("It may be waiting for its password in another window."),
        N_("Unlock it and try again."),
    ),
    "vault_damaged": (
        N_("An entry of the keychain cannot be read"),
        N_("It was changed by something else, or belongs to another account."),
        N_("Reconnect the account; its history is kept."),
    ),
    "passphrase_needed": (
        N_("This profile's keys are behind a passphrase"),
        "",
        N_("Enter the passphrase, or give it in CMDESK_PASSPHRASE."),
    ),
    "passphrase_wrong": (N_("The passphrase is wrong"), "", N_("Try again; nothing was changed.")),
    "passphrase_empty": (N_("The passphrase is empty"), N_("An empty one protects nothing."), N_("Choose another.")),
    # connecting
    "needs_token": (
        N_("A Mastodon account is connected with an access token"),
        "",
        N_("Use --token-stdin and give the token on standard input."),
    ),
    "needs_password": (
        N_("A Bluesky account is connected with its handle and an app password"),
        "",
        N_("Use --handle and --password-stdin, and give the app password on standard input."),
    ),
    "secret_unusable": (N_("There was no usable secret on standard input"), "", _SIGN_IN),
    "secret_empty": (N_("The secret is empty"), "", _SIGN_IN),
    "secret_form": (N_("This is not a token or app password"), N_("It has blanks or odd characters."), _SIGN_IN),
    "secret_refused": (
        N_("The network refuses this token or app password"),
        N_("It is wrong, was withdrawn, or belongs to another server."),
        _SIGN_IN,
    ),
    "app_password": (
        N_("This is not an app password"),
        N_("The account's own password is never used here."),
        N_("Make an app password in the network's settings."),
    ),
    "handle": (N_("Nobody is known under the handle {detail}"), "", N_("Check how it is written.")),
    "network_unknown": (N_("There is no network called {detail}"), "", ""),
    "not_this_network": (
        N_("No server of this network answers there"),
        N_("The address belongs to something else, or the server is not finished."),
        N_("Check the server's address."),
    ),
    "server_empty": (N_("The server's address is missing"), "", N_("Enter it, like https://mastodon.social.")),
    "server_form": (N_("This is not a server's address"), "", N_("Enter it, like https://mastodon.social.")),
    "server_scheme": (
        N_("Only https addresses are used"),
        N_("Plain http would show your access to everybody on the way."),
        N_("Use https; plain http works for this computer only."),
    ),
    "server_userinfo": (
        N_("A server's address holds no user name"),
        "",
        N_("Enter the address alone, like https://mastodon.social."),
    ),
    "private_address": (
        N_("{detail} leads into a private network"),
        N_("A network's server is on the internet; this address could reach other machines of yours."),
        N_("Check the server's address."),
    ),
    "dns": (
        N_("There is no server called {detail}"),
        N_("The name cannot be found, or this computer is offline."),
        N_("Check the address and the connection."),
    ),
    "session": (N_("The session could not be renewed"), "", N_("It is tried again by itself.")),
    "sign_in_code": (
        N_("The server refuses this code"),
        N_("A code works once and only for minutes."),
        N_("Start again."),
    ),
    "sign_in_issuer": (
        N_("Another server answered the sign-in"),
        N_("That can be an attack, so nothing was stored."),
        N_("Start again and look at the browser's address."),
    ),
    "sign_in_refused": (N_("The sign-in was refused in the browser"), "", N_("Start again.")),
    "sign_in_timeout": (N_("Nobody came back from the browser in time"), "", N_("Start again.")),
    "no_browser": (N_("No browser could be opened"), "", N_("Paste an access token instead.")),
    "account_closed": (N_("The network has closed or suspended this account"), "", N_("Ask the network why.")),
    "account_elsewhere": (
        N_("This profile is already connected to {detail}"),
        N_("One profile belongs to one brand, so that nothing is answered in a wrong name."),
        N_("Disconnect it there first."),
    ),
    "account_unknown": (N_("There is no such account: {detail}"), "", N_("See: cmdesk account list")),
    "account_ambiguous": (N_("Several accounts are called {detail}"), "", N_("Name it by its number or whole handle.")),
    "account_disconnected": (N_("This account is disconnected"), "", N_("Connect it again first.")),
    "account_not_ok": (N_("Only a working account can be paused"), "", ""),
    "account_not_paused": (N_("This account must be reconnected"), "", N_("Reconnect it; its queue is kept.")),
    "account_paused": (N_("The account is paused"), "", N_("Resume it and the queue goes on.")),
    "account_stopped": (
        N_("The account is stopped"),
        N_("Something happened that a person has to look at."),
        N_("See what it was, then resume or reconnect it."),
    ),
    "circuit": (
        N_("The same error came five times in a row"),
        N_("The account rests so that its network is not bothered."),
        N_("Try now, when the reason is gone."),
    ),
    "revoke_pending": (N_("The network does not know yet that the account was disconnected"), "", ""),
    "purpose_unknown": (N_("There is no purpose called {detail}"), "", ""),
    # brands, settings, profile
    "brand_unknown": (N_("There is no brand called {detail}"), "", N_("See: cmdesk brand list")),
    "brand_exists": (N_("There is already a brand called {detail}"), "", N_("Choose another name.")),
    "brand_name": (N_("A brand needs a name"), N_("It may have up to 100 characters."), ""),
    "name_taken": (N_("The name {detail} is taken"), "", N_("Choose another name.")),
    "name_needed": (N_("A name is missing"), "", ""),
    "wrong_brand": (
        N_("This belongs to another brand"),
        N_("Nothing ever crosses from one client to another."),
        "",
    ),
    "zone_unknown": (N_("There is no time zone called {detail}"), "", N_("Write it like Europe/Madrid.")),
    "language_unknown": (N_("{detail} is not a language"), "", N_("Write it like es or en.")),
    "color_unknown": (N_("{detail} is not a colour"), "", N_("Write it like #2f6fde.")),
    "setting_unknown": (N_("There is no setting called {detail}"), "", ""),
    "setting_value": (N_("This is not a value of the setting {detail}"), "", ""),
    "late_grace": (N_("A post may be between 0 and 24 hours late"), "", ""),
    "spacing": (N_("Posts of one account go out with a pause between them"), "", N_("It goes out by itself.")),
    "profile_link": (
        N_("The profile's folder is a link"),
        N_("It could lead your data somewhere else."),
        N_("Name the folder itself."),
    ),
    "profile_foreign": (N_("The profile's folder belongs to another user"), "", N_("Name a folder of your own.")),
    "profile_no_folder": (N_("The profile is not a folder: {detail}"), "", N_("Name another place.")),
    "profile_shared": (
        N_("The folder {detail} holds other things"),
        N_("A profile is closed to everybody else, which would lock others out of what is there."),
        N_("Name a folder of its own."),
    ),
    "profile_synced": (
        N_("{detail} copies this profile to other computers"),
        N_("Two computers that share one database damage it and publish twice."),
        N_("Move the profile to a folder that is not synchronised."),
    ),
    "other_device": (
        N_("This profile was copied from another computer or folder"),
        N_("Two copies that publish would send everything twice, so this one only reads."),
        N_("If the other copy is no longer used: cmdesk publish --take-over"),
    ),
    "closed": (N_("The profile is closed"), "", ""),
    "backup_missing": (N_("There is no backup {detail}"), "", N_("Check the name.")),
    "backup_damaged": (N_("This is no backup that can be restored: {detail}"), N_("Nothing was changed."), ""),
    "backup_newer": (
        N_("The backup was made by a newer version of the program"),
        N_("Nothing was changed."),
        N_("Install the newer version."),
    ),
    "backup_place": (N_("The backup cannot be written there"), "", N_("Choose another place.")),
    "cancelled": (N_("Cancelled; nothing was changed"), "", ""),
    "restored": (N_("It comes from a restored backup"), "", N_("It is compared with the network first.")),
    "report_unwritable": (
        N_("The report could not be saved"),
        N_("Its folder or file cannot be written: {detail}"),
        N_("Choose another folder or name."),
    ),
    "no_folder": (N_("There is no folder {detail}"), "", N_("Make it first, or name another.")),
    "no_report": (N_("Reports need the window's part of the program"), "", ""),
    "month_unreadable": (N_("{detail} is not a month"), "", N_("Write it like 2026-03.")),
    # words and pictures
    "empty_text": (N_("There is no text"), "", N_("Write something, or add a picture.")),
    "nothing_to_say": (N_("There is no text"), "", N_("Write something, or add a picture.")),
    "no_accounts": (N_("No account is chosen"), "", N_("Choose where it should go.")),
    "no_target": (N_("No account is chosen"), "", N_("Choose where it should go.")),
    "cannot_publish": (N_("This account cannot publish"), N_("Its access does not allow it."), N_("Reconnect it.")),
    "too_long": (
        N_("The text is {detail} characters too long"),
        "",
        N_("Shorten it, or write a text for this network."),
    ),
    "too_many_bytes": (
        N_("The text is {detail} bytes too long"),
        N_("Emoji and accents count more."),
        N_("Shorten it."),
    ),
    "too_many_pictures": (N_("This network takes {detail} pictures at most"), "", N_("Take some away.")),
    "alt_too_long": (N_("A picture's description may have {detail} characters"), "", N_("Shorten it.")),
    "media_unreadable": (N_("The picture is damaged"), N_("It cannot be read to its end."), _CHOOSE_PICTURE),
    "media_frames": (N_("The animation is too long"), N_("Up to 200 pictures are taken."), _CHOOSE_PICTURE),
    "media_type": (N_("The network sent something that is no picture"), "", ""),
    "redirect": (N_("The picture's address leads somewhere else"), "", ""),
    "media_unknown": (N_("This picture is no longer here"), "", _CHOOSE_PICTURE),
    "media_processing": (N_("The network is still working on the picture"), "", N_("It goes on by itself.")),
    # times
    "time_unreadable": (N_("{detail} is not a date and time"), "", N_("Write it like 2026-03-02T10:00.")),
    "time_gap": (
        N_("{detail} does not exist"),
        N_("That night the clocks jump over it."),
        N_("Choose an hour before or after."),
    ),
    "time_past": (N_("{detail} has passed"), "", N_("Choose a time to come, or publish now.")),
    "no_time": (N_("No time was chosen"), "", ""),
    "snooze_past": (N_("That time has passed"), "", N_("Choose a time to come.")),
    "snooze_until": (N_("That time has passed"), "", N_("Choose a time to come.")),
    # conversations, posts, templates
    "conversation_unknown": (N_("There is no conversation {detail}"), "", N_("See: cmdesk inbox")),
    "nothing_to_answer": (N_("There is nothing left to answer"), N_("The messages were deleted."), ""),
    "message_gone": (N_("The message is no longer there"), "", ""),
    "not_own": (N_("Only own messages can be deleted"), "", ""),
    "ignore_reason": (N_("Ignoring needs a reason"), "", N_("Choose one.")),
    "waiting_for": (N_("Waiting is for the person or for the client"), "", ""),
    "priority": (N_("A priority is 0 to 3"), "", ""),
    "label_name": (N_("A label needs a name"), "", ""),
    "contact_unknown": (N_("There is no such contact"), "", ""),
    "contact_name": (N_("A contact needs a name"), "", ""),
    "contact_field": (N_("A contact has no field {detail}"), "", ""),
    "template_unknown": (N_("There is no such template"), "", ""),
    "template_empty": (N_("A template needs a name and a text"), "", ""),
    "version_unknown": (N_("This version of the post is gone"), "", N_("The oldest are cleared away in time.")),
    "post_unknown": (N_("There is no post {detail}"), "", N_("See: cmdesk post list")),
    "post_live": (N_("The post is still scheduled or on its way"), "", N_("Take its hour away first.")),
    "post_deleted": (N_("The post was deleted"), "", ""),
    "post_sending": (N_("The post is just going out"), "", N_("Wait a moment.")),
    "delivery_unknown": (N_("There is no publication {detail}"), "", ""),
    "action_unknown": (N_("There is no such change"), "", ""),
    "action_over": (N_("This change is over"), "", ""),
    "already_out": (N_("It is already out"), "", N_("Delete it on the network if it must go.")),
    "part_out": (
        N_("Part of it is out and said something else then"),
        "",
        N_("Only what is not out yet can be said otherwise."),
    ),
    "in_flight": (N_("It is just going out"), "", N_("Wait a moment.")),
    "in_review": (N_("Nobody knows yet whether it is out"), "", _LOOK),
    "handed_off": (N_("The network holds it until its hour"), "", N_("Cancel it there first.")),
    "claimed_elsewhere": (N_("That publication belongs to another post"), "", ""),
    "not_in_review": (N_("This does not wait for that decision any more"), "", ""),
    "nothing_to_retry": (N_("There is nothing to try again"), "", ""),
    "undecided": (N_("This still needs a decision"), "", ""),
    "late_decision": (N_("There is no such decision"), "", ""),
    "no_twin": (N_("There is no second copy"), "", ""),
    # why a delivery waits or failed
    "late": (
        N_("Its hour passed while the computer was off or offline"),
        "",
        N_("Publish it now, give it a new hour, or discard it."),
    ),
    "clock_jumped": (
        N_("The computer's clock jumped"),
        N_("Until a server confirms the time, posts wait."),
        N_("It goes on by itself when the time is sure."),
    ),
    "restored_absent": (
        N_("It comes from a restored backup and was not found on the network"),
        "",
        N_("Publish it now, give it a new hour, or discard it."),
    ),
    "zone_rules_changed": (
        N_("The rules of this time zone have changed"),
        N_("It keeps its hour on the clock; the moment of publishing moved with the new rules."),
        "",
    ),
    "restored_unclear": (N_("It comes from a restored backup; whether it is out is not clear"), "", _LOOK),
    "interrupted": (
        N_("The program ended while it was going out"),
        "",
        N_("It is being read back from the network and is not sent twice."),
    ),
    "not_found": (
        N_("It was not found on the network, but that proves nothing"),
        N_("This network gives no sure way to know."),
        _LOOK,
    ),
    "several_found": (N_("Several publications look like it"), "", _LOOK),
    "cannot_look": (N_("The profile could not be read to look for it"), "", _LOOK),
    "key_expired": (
        N_("It was not found, and too much time has passed to repeat it safely"),
        "",
        _LOOK,
    ),
    "handed_off_missing": (N_("The network did not publish what it held"), "", _LOOK),
    "twin": (
        N_("It is there twice"),
        N_("The network took it two times."),
        N_("Delete the younger copy."),
    ),
    "brand_paused": (N_("Publishing is paused for this brand"), "", N_("Switch it on again.")),
    "all_paused": (N_("Publishing is paused"), "", N_("Switch it on again.")),
    "sibling_in_flight": (N_("Another publication of this account is just going out"), "", N_("It goes on by itself.")),
    "part_before": (N_("It waits for the part before it"), "", N_("It goes on by itself.")),
    "send_again": (N_("It is looked for once more, then it goes out"), "", ""),
    "replaced": (N_("A newer version took its place"), "", ""),
    "taken_back": (N_("You took it back"), "", ""),
    "discarded": (N_("You gave it up"), "", ""),
    "deleted": (N_("It was deleted"), "", ""),
    "forbidden": (N_("The network does not allow this"), "", ""),
    "unsupported": (N_("This network cannot do that"), "", ""),
    "reply_lookup": (N_("The message to answer is not known to this server"), "", ""),
    "edit_lookup": (N_("The post to edit could not be read"), "", N_("It is tried again by itself.")),
    "prepare": (N_("It could not be prepared"), "", N_("It is tried again by itself.")),
    "unreadable_item": (
        N_("The network sent something that cannot be understood"),
        N_("It is kept as it came and stops nothing else."),
        "",
    ),
    "server_error": (N_("The server has trouble"), "", N_("It is tried again by itself.")),
    "timeout": (N_("The server took too long"), "", N_("It is tried again by itself.")),
    "dropped": (N_("The connection broke"), "", N_("It is tried again by itself.")),
}
BY_CODE.update(wording_templates.BY_CODE)
BY_CODE.update(wording_links.BY_CODE)
BY_CODE.update(wording_listening.BY_CODE)
BY_CODE.update(wording_markets.BY_CODE)
BY_CODE.update(wording_approval.BY_CODE)
BY_CODE.update(wording_by_hand.BY_CODE)
BY_CODE.update(wording_campaigns.BY_CODE)
BY_CODE.update(wording_preflight.BY_CODE)
BY_CODE.update(wording_waking.BY_CODE)
BY_CODE.update(wording_targeting.BY_CODE)
BY_CODE.update(wording_cases.BY_CODE)
BY_CODE.update(wording_circles.BY_CODE)
BY_CODE.update(wording_crisis.BY_CODE)
BY_CODE.update(wording_hours.BY_CODE)
BY_CODE.update(wording_media.BY_CODE)
BY_CODE.update(wording_outbox.BY_CODE)
BY_CODE.update(wording_people.BY_CODE)
BY_CODE.update(wording_review.BY_CODE)
BY_CODE.update(wording_scheduling.BY_CODE)
BY_CODE.update(wording_triage.BY_CODE)
BY_CODE.update(wording_voice.BY_CODE)
