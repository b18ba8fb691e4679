# SPDX-License-Identifier: MIT
# fish completion for koshin(1)
set -l commands inspect status renew enroll prune history doctor config
set -l none "not __fish_seen_subcommand_from $commands"
set -l on_token '__fish_seen_subcommand_from inspect renew enroll prune doctor'
set -l with_pin '__fish_seen_subcommand_from renew enroll prune doctor'

complete -c koshin -f
complete -c koshin -n $none -a inspect -d 'Show tokens, their certificates and keys'
complete -c koshin -n $none -a status -d 'Show what is known, without touching a token'
complete -c koshin -n $none -a renew -d 'Renew the certificate on a token'
complete -c koshin -n $none -a enroll -d 'Fetch a certificate with a one-time code'
complete -c koshin -n $none -a prune -d 'Delete an old certificate and its key'
complete -c koshin -n $none -a history -d 'List past and unfinished renewals'
complete -c koshin -n $none -a doctor -d 'Look for what would stop a renewal'
complete -c koshin -n $none -a config -d 'Check or show the settings'
complete -c koshin -n '__fish_seen_subcommand_from config' -a 'check show'

complete -c koshin -l settings -r -F -d 'Read this settings file alone'
complete -c koshin -l json -d 'Write one JSON document'
complete -c koshin -s q -l quiet -d 'Say nothing unless something is wrong'
complete -c koshin -l progress -d 'Show the steps even without a terminal'
complete -c koshin -l language -x -a 'en ja' -d 'Language of all texts'
complete -c koshin -s h -l help -d 'Show help'
complete -c koshin -n $none -l version -d 'Show the version'

complete -c koshin -n $on_token -l token -x -d 'The token, as a PKCS#11 URI'
complete -c koshin -n $on_token -l module -r -F -d 'Only this module of the settings'
complete -c koshin -n $with_pin -l pin-stdin -d 'Read the PIN from standard input'
complete -c koshin -n $with_pin -l so-pin-stdin -d 'Read the security officer\'s PIN from the next line'
complete -c koshin -n $with_pin -l pinentry -d 'Ask for the PIN with pinentry'
complete -c koshin -n $with_pin -l pinentry-program -r -F -d 'Ask for the PIN with this pinentry'
complete -c koshin -n $with_pin -l insist-count-low -d 'Go on although a wrong PIN was entered before'
complete -c koshin -n $with_pin -l insist-final-try -d 'Go on although one more wrong PIN locks the token'
complete -c koshin -n '__fish_seen_subcommand_from renew prune' -l certificate -x -d 'The certificate, by its SHA-256'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -s n -l dry-run -d 'Check, change nothing'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -l force -d 'Although it is not due'
complete -c koshin -n '__fish_seen_subcommand_from renew doctor' -l passphrase-stdin -d 'Read the passphrase from the next line'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -l wait -d 'Wait for the authority and ask again'
complete -c koshin -n '__fish_seen_subcommand_from renew enroll' -l wait-limit -x -d 'Wait at most this long'
complete -c koshin -n '__fish_seen_subcommand_from enroll' -l code-stdin -d 'Read the one-time code from the next line'
complete -c koshin -n '__fish_seen_subcommand_from enroll' -l user -x -d 'The user ID'
complete -c koshin -n '__fish_seen_subcommand_from prune' -s y -l yes -d 'Do not ask'
complete -c koshin -n '__fish_seen_subcommand_from history' -l limit -x -d 'Show at most this many'
