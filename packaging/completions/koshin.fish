# SPDX-License-Identifier: MIT
# fish completion for koshin(1)

# koshin with the settings file that the line names, if it names one.
function __koshin_says
    set -l line (commandline -opc)
    set -l at (contains -i -- --settings $line)
    set -l settings
    if test -n "$at"; and test (count $line) -gt $at
        set settings --settings $line[(math $at + 1)]
    end
    eval (string escape -- $line[1] $settings $argv --json) 2>/dev/null
end

# The tokens that were seen on this computer, by koshin's journal: no token is touched, and no PIN asked for.
function __koshin_tokens
    __koshin_says status | string match -ra '(?<="serial":")[A-Za-z0-9._-]+(?=")' | sort -u | string replace -r '^' pkcs11:serial=
end

# The banks of the settings, by their names.
function __koshin_banks
    __koshin_says config show | string match -ra '(?<="bank":")[A-Za-z0-9._-]+(?=")' | sort -u
end

set -l commands inspect status renew enroll prune cancel history doctor pin config browser support-bundle
set -l none "not __fish_seen_subcommand_from $commands help"
set -l on_token '__fish_seen_subcommand_from inspect renew enroll prune cancel doctor pin'
set -l with_pin '__fish_seen_subcommand_from inspect renew enroll prune cancel doctor'

complete -c koshin -f
complete -c koshin -n $none -a inspect -d 'Show tokens, their certificates and keys'
complete -c koshin -n $none -a status -d 'Show what is known, without touching a token'
complete -c koshin -n $none -a renew -d 'Renew the certificate on a token'
complete -c koshin -n $none -a enroll -d 'Fetch a certificate with a one-time code'
complete -c koshin -n $none -a prune -d 'Delete an old certificate and its key'
complete -c koshin -n $none -a cancel -d 'Give an unfinished renewal up'
complete -c koshin -n $none -a history -d 'List past and unfinished renewals'
complete -c koshin -n $none -a doctor -d 'Look for what would stop a renewal'
complete -c koshin -n $none -a pin -d 'Change the token\'s PIN, or set one'
complete -c koshin -n '__fish_seen_subcommand_from pin' -a 'change set unlock'
complete -c koshin -n $none -a config -d 'Check or show the settings'
complete -c koshin -n $none -a browser -d 'Make the certificates show in the browsers'
complete -c koshin -n $none -a support-bundle -d 'Write one archive for whoever is asked for help'
complete -c koshin -n $none -a help -d 'Explain a command'
complete -c koshin -n "__fish_seen_subcommand_from help; and not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c koshin -n '__fish_seen_subcommand_from config' -a 'check show'
complete -c koshin -n '__fish_seen_subcommand_from browser' -a 'add remove'
complete -c koshin -n '__fish_seen_subcommand_from support-bundle' -l output -r -F -d 'The file to write'

complete -c koshin -l settings -r -F -d 'Use this settings file in place of your own'
complete -c koshin -l json -d 'Write one JSON document'
complete -c koshin -s q -l quiet -d 'Say nothing unless something is wrong'
complete -c koshin -l progress -d 'Show the steps even without a terminal'
complete -c koshin -l color -x -a 'auto always never' -d 'Colours on terminals'
complete -c koshin -l language -x -a '@KOSHIN_LANGUAGES@' -d 'Language of all texts'
complete -c koshin -s h -l help -d 'Show help'
complete -c koshin -n $none -s V -l version -d 'Show the version'

complete -c koshin -n $on_token -l token -x -a '(__koshin_tokens)' -d 'The token, as a PKCS#11 URI'
complete -c koshin -n $on_token -l module -r -F -d 'Only this module of the settings'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll prune cancel doctor pin' -l bank -x -a '(__koshin_banks)' -d 'Only this bank of the settings'
complete -c koshin -n $with_pin -l pin-stdin -d 'Read the PIN from standard input'
complete -c koshin -n $with_pin -l so-pin-stdin -d 'Read the security officer\'s PIN from the next line'
complete -c koshin -n $with_pin -l pinentry -d 'Ask for the PIN with pinentry'
complete -c koshin -n $with_pin -l pinentry-program -r -F -d 'Ask for the PIN with this pinentry'
complete -c koshin -n $with_pin -l insist-count-low -d 'Go on although a wrong PIN was entered before'
complete -c koshin -n $with_pin -l insist-final-try -d 'Go on although one more wrong PIN locks the token'
complete -c koshin -n '__fish_seen_subcommand_from renew prune cancel' -l certificate -x -d 'The certificate, by its SHA-256'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -s n -l dry-run -d 'Check, change nothing'
complete -c koshin -n '__fish_seen_subcommand_from renew' -l all -d 'Renew all certificates of the token that are due'
complete -c koshin -n '__fish_seen_subcommand_from renew' -l if-due -d 'End with 0 where nothing is due'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -l force -d 'Although it is not due'
complete -c koshin -n '__fish_seen_subcommand_from renew doctor' -l passphrase-stdin -d 'Read the passphrase from the next line'
complete -c koshin -n '__fish_seen_subcommand_from doctor' -l send-test-mail -d 'Send one mail that says that it is a test'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -l wait -d 'Wait for the authority and ask again'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -l wait-limit -x -d 'Wait at most this long'
complete -c koshin -n '__fish_seen_subcommand_from enroll' -l code-stdin -d 'Read the one-time code from the next line'
complete -c koshin -n '__fish_seen_subcommand_from enroll' -l user -x -d 'The user ID'
complete -c koshin -n '__fish_seen_subcommand_from prune cancel support-bundle' -s y -l yes -d 'Do not ask'
complete -c koshin -n '__fish_seen_subcommand_from prune' -l also-not-renewed -d 'Although koshin has not renewed it'
complete -c koshin -n '__fish_seen_subcommand_from prune' -l also-encryption -d 'Although programs may not find the key for old mail then'
complete -c koshin -n '__fish_seen_subcommand_from cancel' -l keep-key -d 'Leave the unused key on the token'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l pin-stdin -d 'Read the PIN from standard input'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l so-pin-stdin -d 'Read the security officer\'s PIN from the next line'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l puk-stdin -d 'Read the PUK from the next line'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l new-pin-stdin -d 'Read the new PIN from the next line'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l pinentry -d 'Ask for the PIN with pinentry'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l pinentry-program -r -F -d 'Ask for the PIN with this pinentry'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l insist-count-low -d 'Go on although a wrong PIN was entered before'
complete -c koshin -n '__fish_seen_subcommand_from pin' -l insist-final-try -d 'Go on although one more wrong PIN locks the token'
complete -c koshin -n '__fish_seen_subcommand_from history' -l limit -x -d 'Show at most this many'
