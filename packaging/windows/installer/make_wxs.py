#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fills the template of the installer's database: the programs that there are, and the properties that are settings.

usage: make_wxs.py KOSHIN.WXS PROPERTIES.DEF DELIVERED.TXT FOLDER OUT
DELIVERED.TXT: names of the programs; FOLDER: those that the build has made, and what is installed with them
"""
import pathlib
import re
import sys
import uuid

# Components are known by these forever: another folder or another key would need another one.
COMPONENTS = uuid.UUID("b3a2e7d4-6e0f-4c39-8c2b-0b8a5c7d9e00")

# Programs of one feature; all others are needed by each.
FEATURES = {"koshin.exe": "CommandLine", "koshin-agent.exe": "Agent", "koshin-ui.exe": "Agent", "koshin-mail.exe": "Agent",
            "koshin-slot-watch.exe": "Agent", "koshin-module-check.exe": "ModuleCheck", "koshin-module-look.exe": "ModuleCheck"}
TITLES = {"CommandLine": "Command line", "Agent": "Agent and page", "ModuleCheck": "Check of a module"}
# Features that are installed only when they are asked for: on Linux, too, it is a package of its own.
WHEN_ASKED = {"ModuleCheck"}

AGENT = """    <DirectoryRef Id="INSTALLDIR">
      <Component Id="AgentStart" Guid="{start}" Win64="yes">
        <RegistryValue Root="HKLM" Key="SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run" Name="koshin" Type="string" Value="&quot;[INSTALLDIR]koshin-agent.exe&quot;" KeyPath="yes"/>
      </Component>
    </DirectoryRef>"""
PAGE = """    <DirectoryRef Id="INSTALLDIR">
      <Component Id="Links" Guid="{links}" Win64="yes">
        <RegistryValue Root="HKLM" Key="SOFTWARE\\Classes\\koshin" Type="string" Value="URL:koshin" KeyPath="yes"/>
        <RegistryValue Root="HKLM" Key="SOFTWARE\\Classes\\koshin" Name="URL Protocol" Type="string" Value=""/>
        <RegistryValue Root="HKLM" Key="SOFTWARE\\Classes\\koshin\\DefaultIcon" Type="string" Value="[INSTALLDIR]koshin.ico"/>
        <RegistryValue Root="HKLM" Key="SOFTWARE\\Classes\\koshin\\shell\\open\\command" Type="string" Value="&quot;[INSTALLDIR]koshin-ui.exe&quot; --link &quot;%1&quot;"/>
      </Component>
    </DirectoryRef>
    <DirectoryRef Id="ProgramMenuFolder">
      <Component Id="Menu" Guid="{menu}" Win64="yes">
        <Shortcut Id="MenuEntry" Name="Certificate renewal" Description="Renew, receive or delete the certificate on your token" Target="[INSTALLDIR]koshin-ui.exe" Arguments="--page-only" WorkingDirectory="INSTALLDIR" Icon="koshin.ico"/>
        <RegistryValue Root="HKLM" Key="SOFTWARE\\koshin\\installer" Name="menu" Type="integer" Value="1" KeyPath="yes"/>
      </Component>
    </DirectoryRef>"""

GUIDE = """    <DirectoryRef Id="ProgramMenuFolder">
      <Component Id="GuideMenu" Guid="{menu}" Win64="yes">
        <Shortcut Id="GuideEntry" Name="koshin guide" Description="Renewing the certificate on a token, screen by screen" Target="[MANUALSDIR]guide.html" WorkingDirectory="MANUALSDIR"/>
        <RegistryValue Root="HKLM" Key="SOFTWARE\\koshin\\installer" Name="guide" Type="integer" Value="1" KeyPath="yes"/>
      </Component>
    </DirectoryRef>"""


def guid(name):
    """The same for the same component in every version."""
    return str(uuid.uuid5(COMPONENTS, name)).upper()


def properties(text):
    """Name, key and whether it is a list's element, of each property."""
    return [(name, key, bool(is_list)) for is_list, name, key in
            re.findall(r'^KOSHIN_(LIST_)?PROPERTY\((\w+), "([a-z_.]+)"\)$', text, re.M)]


def place(key, is_list):
    """Key and value of the registry below SOFTWARE\\koshin\\settings."""
    section, leaf = key.split(".")
    return (f"{section}\\{leaf}", "1") if is_list else (section, leaf)


def setting_lines(known):
    """What each property needs: declarations, components, references."""
    declared, components, references = [], [], []
    for name, key, is_list in known:
        section, value = place(key, is_list)
        registry = f"SOFTWARE\\koshin\\settings\\{section}"
        declared += [f'    <Property Id="REMEMBERED_{name}"><RegistrySearch Id="Remembered_{name}" Root="HKLM" Key="{registry}" '
                     f'Name="{value}" Type="raw" Win64="yes"/></Property>',
                     f'    <CustomAction Id="Remember_{name}" Property="{name}" Value="[REMEMBERED_{name}]"/>']
        components.append(f'      <Component Id="Setting_{name}" Guid="{guid(name)}" Win64="yes"><RegistryValue Root="HKLM" '
                          f'Key="{registry}" Name="{value}" Type="string" Value="[{name}]" KeyPath="yes"/></Component>')
        references.append(f'      <ComponentRef Id="Setting_{name}"/>')
    return declared, components, references


def program_lines(delivered, folder):
    """Components of those delivered programs that are there, and their features."""
    if unknown := FEATURES.keys() - set(delivered):
        sys.exit(f"make_wxs.py: not delivered, and yet of a feature: {', '.join(sorted(unknown))}")
    there = [name for name in delivered if (folder / name).exists()]
    components = [f'      <Component Id="Program_{name[:-4].replace("-", "_")}" Guid="{guid(name)}" Win64="yes">'
                  f'<File Id="File_{name[:-4].replace("-", "_")}" Name="{name}" Source="{name}" KeyPath="yes"/></Component>'
                  for name in there]
    references = {feature: [] for feature in ("Common", *TITLES)}
    for name in there:
        references[FEATURES.get(name, "Common")].append(f'<ComponentRef Id="Program_{name[:-4].replace("-", "_")}"/>')
    agent = ""
    if "koshin-agent.exe" in there:
        agent += AGENT.format(start=guid("AgentStart")) + "\n"
        references["Agent"].append('<ComponentRef Id="AgentStart"/>')
    if "koshin-ui.exe" in there:
        agent += PAGE.format(links=guid("Links"), menu=guid("Menu"))
        references["Agent"] += ['<ComponentRef Id="Links"/>', '<ComponentRef Id="Menu"/>']
    # What all need belongs to each feature too: one that is asked for by its name has it, whatever is done about the feature above.
    for feature in TITLES:
        references[feature] = references[feature] and references["Common"] + references[feature]
    features = [f'      <Feature Id="{feature}" Level="{200 if feature in WHEN_ASKED else 1}" Title="{title}">{"".join(references[feature])}</Feature>'
                for feature, title in TITLES.items() if references[feature]]
    return components, references["Common"], features, agent


def manual_lines(folder):
    """Folders, components and the feature of the manuals (manuals/, two levels), and their entry in the Start menu."""
    manuals = folder / "manuals"
    if not manuals.is_dir():
        return "", []

    def identifier(path):
        return re.sub(r"\W", "_", path.relative_to(folder).as_posix())
    folders, components, references = [], [], []
    for place in [manuals, *sorted(path for path in manuals.iterdir() if path.is_dir())]:
        name = "MANUALSDIR" if place == manuals else f"MANUALSDIR_{place.name.upper()}"
        folders.append(f'<Directory Id="{name}" Name="{place.name}">' if place == manuals else f'<Directory Id="{name}" Name="{place.name}"/>')
        files = [f'<File Id="File_{identifier(path)}" Name="{path.name}" Source="{path.relative_to(folder).as_posix()}"/>'
                 for path in sorted(path for path in place.iterdir() if path.is_file())]
        files[0] = files[0].replace("/>", ' KeyPath="yes"/>')
        components.append(f'    <DirectoryRef Id="{name}"><Component Id="Manuals_{identifier(place)}" Guid="{guid(identifier(place))}" '
                          f'Win64="yes">{"".join(files)}</Component></DirectoryRef>')
        references.append(f'<ComponentRef Id="Manuals_{identifier(place)}"/>')
    lines = [f'    <DirectoryRef Id="INSTALLDIR">{"".join(folders)}</Directory></DirectoryRef>', *components, GUIDE.format(menu=guid("GuideMenu"))]
    return "\n".join(lines), [f'      <Feature Id="Manuals" Level="1" Title="Manuals">{"".join(references)}<ComponentRef Id="GuideMenu"/></Feature>']


def main(template, table, delivered, folder, out):
    """Writes the whole description for wixl."""
    text = pathlib.Path(template).read_text(encoding="utf-8")
    known = properties(pathlib.Path(table).read_text(encoding="utf-8"))
    declared, settings, references = setting_lines(known)
    components, common, features, agent = program_lines(pathlib.Path(delivered).read_text(encoding="utf-8").split(), pathlib.Path(folder))
    manuals, manuals_feature = manual_lines(pathlib.Path(folder))
    filled = {"PROPERTIES": declared, "PROGRAMS": components, "SETTINGS": settings, "AGENT": [agent, manuals],
              "COMMON_REFS": ["      " + "".join(common)] + references, "FEATURES": features + manuals_feature}
    for name, lines in filled.items():
        text = text.replace(f"@{name}@", "\n".join(lines))
    pathlib.Path(out).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
