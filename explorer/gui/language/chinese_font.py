"""The font for Chinese: the system's, or what to install where it has none."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from PySide6.QtGui import QFontDatabase

from explorer.core.texts import Text, text

_PREFERRED = """
Noto Sans CJK SC
Noto Sans SC
Source Han Sans SC
Source Han Sans CN
PingFang SC
Microsoft YaHei UI
Microsoft YaHei
WenQuanYi Micro Hei
WenQuanYi Zen Hei
""".strip().split("\n")  # not shown: names
"""Families whose shapes are those of mainland China; a font for Japan has others for the same characters."""
_COMMANDS = """
debian ubuntu: apt-get install fonts-noto-cjk
fedora rhel: dnf install google-noto-sans-cjk-fonts
arch: pacman -S noto-fonts-cjk
suse opensuse: zypper install noto-sans-sc-fonts
alpine: apk add font-noto-cjk
gentoo: emerge media-fonts/noto-cjk
""".strip().split("\n")  # not shown: commands
_INSTALL = {
    name: command for line in _COMMANDS for names, command in [line.split(": ")] for name in names.split()
}
"""What installs a font, by the name of a distribution or of one that it is like."""


def chinese_family() -> str:
    """Return the family to write Simplified Chinese in; empty where the system has none."""
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return next((family for family in (*_PREFERRED, *families) if family in families), "")


def missing_font_text(release: Mapping[str, str]) -> Text:
    """Return what to install, in a sentence.

    Parameters
    ----------
    release : mapping
        The fields of the file os-release of this system; empty elsewhere than on Linux.
    """
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    command = next((_INSTALL[name] for name in names if name in _INSTALL), "")
    if not command:
        return text(
            "This system has no font for Chinese. Install one, such as Noto Sans CJK, and start Loss "
            "Explorer again."
        )
    return text(
        "This system has no font for Chinese. Install one with {command}, and start Loss Explorer again.",
        command=command,
    )


def os_release() -> Mapping[str, str]:
    """Return the fields that describe this distribution of Linux; none elsewhere."""
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}
