"""Where a system has no font for Chinese, the program says what to install on it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontDatabase

from explorer.gui.language.chinese_font import chinese_family, missing_font_text


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ({"ID": "debian"}, "apt-get install fonts-noto-cjk"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "apt-get install fonts-noto-cjk"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "dnf install google-noto-sans-cjk-fonts"),
        ({"ID": "manjaro", "ID_LIKE": "arch"}, "pacman -S noto-fonts-cjk"),
        ({"ID": "opensuse-leap", "ID_LIKE": "suse opensuse"}, "zypper install noto-sans-sc-fonts"),
        ({"ID": "alpine"}, "apk add font-noto-cjk"),
    ],
)
def test_the_package_is_named_as_the_distribution_names_it(release, command):
    assert command in str(missing_font_text(release))


@pytest.mark.parametrize("release", [{}, {"ID": "nixos"}])
def test_elsewhere_a_font_is_named(release):
    assert "Noto Sans CJK" in str(missing_font_text(release))


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [
        (["Noto Sans CJK JP", "Noto Sans CJK SC"], "Noto Sans CJK SC"),
        (["Droid Sans Fallback"], "Droid Sans Fallback"),
        ([], ""),
    ],
)
def test_a_font_of_mainland_china_is_preferred_to_one_of_japan(monkeypatch, installed, chosen):
    monkeypatch.setattr(QFontDatabase, "families", lambda *_system: installed)
    assert chinese_family() == chosen
