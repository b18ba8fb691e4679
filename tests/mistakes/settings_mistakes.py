# SPDX-License-Identifier: MIT
"""Mistakes in settings files, all of which koshin config check finds without a token and without a network."""
from mistake import Mistake


def link_to_nowhere(place):
    file = place.folder / "koshin.toml"
    file.unlink()
    file.symlink_to("/srv/config/koshin.toml")


def setting(what, line, place, remedy):
    return Mistake(what, place, remedy, settings=line + "\n")


BANKS = '[[bank]]\nname = "sakura"\n[bank.authority]\nurl = "https://est.sakura.example"\n'

spelling = [
    setting("a key is misspelled", "authority.atempts = 3", "koshin.toml:1:11", 'did you mean "authority.attempts"'),
    setting("a section is misspelled", '[authorty]\nurl = "https://est.bank.example"', "koshin.toml:1:2", 'did you mean "authority"'),
    setting("a key stands in another section", 'mail.accent_color = "#005bac"', "koshin.toml:1:6", 'did you mean "branding.accent_color"'),
    setting("a key is there twice", "renewal.grace = 'P1D'\nrenewal.grace = 'P2D'", "koshin.toml:2", "keep one of them"),
    Mistake("a settings file in Shift_JIS", "koshin.toml:1:", "save the file as UTF-8", make=lambda place: place.file("koshin.toml", 'branding.bank_name = "さくら銀行"\n'.encode("cp932"))),
    Mistake("a settings file is a link to a place that is not mounted", "koshin.toml: this is a link to /srv/config/koshin.toml", "correct it", make=link_to_nowhere),
    setting("a quotation mark is missing", 'authority.url = "https://est.bank.example', "koshin.toml:1", "close the text with the quotation mark"),
    setting("a value has no quotation marks", "authority.url = https://est.bank.example", "koshin.toml:1", "a text stands in quotation marks"),
    setting("a path of Windows with single backslashes in double quotation marks", 'token.modules = ["C:\\vendor\\p11.dll"]', "koshin.toml:1", "put a path into"),
    setting("true in quotation marks", 'unattended.enabled = "true"', "koshin.toml:1:22", "must be true or false"),
    setting("a text where there is a list", 'token.modules = "/usr/lib/vendor.so"', "koshin.toml:1:17", "must be a list of texts"),
    setting("a number in quotation marks", 'authority.attempts = "3"', "koshin.toml:1:22", "must be a whole number"),
    setting("a number out of its range", "authority.attempts = 11", "koshin.toml:1:22", "must be between 1 and 10"),
    setting("days as a number", "renewal.window = 30", "koshin.toml:1:18", "must be a duration such as"),
    setting("a word that is none of the key's", 'log.level = "verbose"', "koshin.toml:1:13", 'must be "debug"'),
    setting("a language by its name", 'mail.language = "japanese"', "koshin.toml:1:17", 'must be "en" or "ja"'),
    setting("a colour by its name", 'branding.accent_color = "blue"', "koshin.toml:1:25", 'must be a colour such as "#005bac"'),
    setting("a word for the PIN that is a sentence", 'branding.pin_name_ja = "トークンをお使いになるときに入力していただく番号のこと"', "koshin.toml:1:24", "must be at most 60 bytes long"),
    setting("a regular expression that is none", 'expect.common_name_pattern = "[0-9"', "koshin.toml:1:30", "must be a regular expression as RE2 knows them"),
    setting("a lock of a key that there is not", 'locked = ["authority.urll"]', "koshin.toml:1:11", 'did you mean "authority.url"'),
]

addresses = [
    setting("the authority's address without encryption", 'authority.url = "http://est.bank.example"', "koshin.toml:1:17", 'must begin with "https://"'),
    setting("the authority's address with the path of EST", 'authority.url = "https://est.bank.example/.well-known/est"', "koshin.toml:1:17", "leave it out"),
    setting("a path where one label belongs", 'authority.label = "corp/users"', "koshin.toml:1:19", "must be one part of a path"),
    setting("user and password in the proxy's address", 'proxy.url = "http://user:secret@proxy.example:3128"', "koshin.toml:1:13", "they go into proxy.user and proxy.password_file"),
    setting("the proxy's address without its kind", 'proxy.url = "proxy.example:3128"', "koshin.toml:1:13", 'must begin with "http://"'),
    setting("a port that there is not", 'proxy.url = "http://proxy.example:99999"', "koshin.toml:1:13", "must name a port from 1 to 65535"),
    setting("port 0", 'authority.url = "https://est.bank.example:0"', "koshin.toml:1:17", "a port from 1 to 65535"),
    setting("an address without a host", 'authority.prove_url = "https:///login"', "koshin.toml:1:23", 'must name a host after "https://"'),
    setting("a number of an IPv4 address that there is not", 'proxy.url = "http://10.0.0.256:3128"', "koshin.toml:1:13", "four numbers from 0 to 255"),
    setting("a leading zero in an IPv4 address", 'proxy.url = "http://010.0.0.1:3128"', "koshin.toml:1:13", "without leading zeros"),
    setting("an IPv6 address that is shortened twice", 'authority.url = "https://[2001:db8::1::2]:8443"', "koshin.toml:1:17", "must hold an IPv6 address"),
    setting("brackets without an IPv6 address", 'authority.url = "https://[est.bank.example]"', "koshin.toml:1:17", "must hold an IPv6 address"),
    setting("two dots in a host's name", 'authority.url = "https://est..bank.example"', "koshin.toml:1:17", "parts between the dots"),
    setting("a host in Japanese", 'authority.url = "https://銀行.example"', "koshin.toml:1:17", '"xn--" form'),
    setting("a blank in the authority's address", 'authority.url = "https://est.bank.example/sakura bank"', "koshin.toml:1:17", "a blank is %20"),
    setting("a blank behind an address", 'branding.login_url = "https://login.bank.example/ "', "koshin.toml:1:22", "must not hold blanks"),
    setting("a line break in an address", 'mail.url = "smtp://mail.example\\n"', "koshin.toml:1:12", "must not hold control characters"),
    setting("an escape without its digits in a script's file", 'proxy.url = "pac+file:///etc/proxy%zz.pac"', "koshin.toml:1:13", "two hexadecimal digits"),
    setting("a script's file of another computer", 'proxy.url = "pac+file://server/proxy.pac"', "koshin.toml:1:13", "absolute path"),
    setting("a relative path of a script's file", 'proxy.url = "pac+file:proxy.pac"', "koshin.toml:1:13", "absolute path"),
    setting("a query in the address of the log-in", 'branding.login_url = "https://login.bank.example/?lang=ja"', "koshin.toml:1:22", "a plain URL without"),
    setting("user and password in the mail server's address", 'mail.url = "smtp://user:secret@mail.example"', "koshin.toml:1:12", "they go into mail.user and mail.password_file"),
    setting("user and password in the authority's address", 'authority.url = "https://user:secret@est.bank.example"', "koshin.toml:1:17", "they go into authority.http_user"),
    setting("a token's name in Japanese", 'token.uri = "pkcs11:token=銀行トークン"', "koshin.toml:1:13", "escapes of its UTF-8 bytes"),
    setting("an escape without its digits in the token's URI", 'token.uri = "pkcs11:token=Sakura%2"', "koshin.toml:1:13", "two hexadecimal digits"),
    setting("the mail server as a web page", 'mail.url = "https://mail.example"', "koshin.toml:1:12", 'must begin with "smtp://" or "smtps://"'),
    setting("several recipients in one text", 'mail.to = "a@corp.example, b@corp.example"', "koshin.toml:1:11", "must be one mail address"),
    setting("the PIN itself in the settings", 'token.uri = "pkcs11:token=Sakura?pin-value=1234"', "koshin.toml:1:13", "use pin-source with a file"),
    setting("a token by its name alone", 'token.uri = "Sakura Token"', "koshin.toml:1:13", 'must begin with "pkcs11:"'),
    setting("a relative path of the PIN's file", 'token.uri = "pkcs11:?pin-source=pins/a"', "koshin.toml:1:13", "by an absolute path or as file:/path"),
    setting("a relative path of a module", 'token.modules = ["vendor.so"]', "koshin.toml:1:17", "must hold absolute paths"),
]

together = [
    setting("mail without a sender and a recipient", 'authority.url = "https://est.bank.example"\ntoken.modules = ["p11-kit:vendor"]\nmail.url = "smtp://mail.example"',
            "koshin.toml:3:12", "mail.from, mail.to"),
    setting("a mail address in Japanese", 'authority.url = "https://est.bank.example"\ntoken.modules = ["p11-kit:vendor"]\nmail.url = "smtp://mail.example"\nmail.from = "koshin@corp.example"\nmail.to = "田中@corp.example"',
            "koshin.toml:5:11", 'a name in ASCII before the "@"'),
    setting("unattended renewals without a PIN's file", 'authority.url = "https://est.bank.example"\ntoken.modules = ["p11-kit:vendor"]\nunattended.enabled = true',
            "koshin.toml:3:22", "pin-source=file:/"),
    setting("a label for certificates that are not renewed", 'authority.url = "https://est.bank.example"\ntoken.modules = ["p11-kit:vendor"]\nauthority.signature_label = "sign"',
            "koshin.toml:3:29", 'renewal.purposes ("signature")'),
    setting("purposes without the one that logs in", 'renewal.purposes = ["signature"]', "koshin.toml:1:20", 'must name "login"'),
    setting("no authority at all", 'token.modules = ["p11-kit:vendor"]', "authority.url is empty", "Set it to the https:// address"),
    setting("no module at all", 'authority.url = "https://est.bank.example"', "token.modules is empty", "Set it to the path"),
    setting("a proxy's password without its user", 'authority.url = "https://est.bank.example"\ntoken.modules = ["p11-kit:vendor"]\nproxy.password_file = "/etc/hostname"',
            "koshin.toml:3:23", "without proxy.user"),
    setting("a bank without a name", '[[bank]]\n[bank.authority]\nurl = "https://est.sakura.example"', "koshin.toml:1", 'name = "sakura"'),
    setting("one bank twice", BANKS + BANKS, "koshin.toml:6:8", "put the two together"),
    setting("[bank] in place of [[bank]]", '[bank]\nname = "sakura"', "koshin.toml:1", "[[bank]]"),
    setting("a computer's key in a bank", BANKS + '[bank.token]\nmodules = ["p11-kit:vendor"]', "koshin.toml:6", "must be set outside of them"),
    setting("two banks that nothing tells apart", 'token.modules = ["p11-kit:vendor"]\n' + BANKS + BANKS.replace("sakura", "ume"), "sakura and ume", "such as issuer_pattern"),
    setting("a bank's key outside of all banks", 'token.modules = ["p11-kit:vendor"]\nbranding.bank_name = "Sakura"\n' + BANKS, "koshin.toml:2:22", "[[bank]]"),
]

areas = [("Settings: spelling and kind", spelling), ("Settings: addresses and names", addresses), ("Settings: what belongs together", together)]
