# SPDX-License-Identifier: MIT
"""Looking for a secret in what runs leave behind, in every form that programs, dumps and SMTP give it."""
import base64
import os


def forms_of(secret, user=""):
    """As text, in UTF-16, hexadecimal digits of both cases with what stands between them, and base64: alone (AUTH LOGIN) and
    behind the user's name (AUTH PLAIN)."""
    data = secret.encode()
    digits = [f"{byte:02x}" for byte in data]
    dumps = [between.join(digits) for between in ("", " ", ":", "-", ", ", "  ")]
    forms = [data, secret.encode("utf-16-le")[:-1], *(text.encode() for dump in dumps for text in (dump, dump.upper()))]
    forms += [", ".join(f"0x{two}" for two in digits).encode(), "".join(f"\\x{two}" for two in digits).encode()]
    for whole in (data, f"\0{user}\0{secret}".encode(), f"{user}\0{user}\0{secret}".encode()):
        forms.append(base64.b64encode(whole).rstrip(b"=")[:-1])
    return forms


def holds(content, secret, user=""):
    return any(form in content for form in forms_of(secret, user))


def files_with(folder, secret, user="", but=()):
    """The files below a folder that hold the secret, or whose names do."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if path in but or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                if holds(file.read(), secret, user) or holds(path.encode(), secret, user):
                    found.append(path)
    return found
