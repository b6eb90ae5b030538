"""What others get of a run does not name the person's folder, and still finds the data set here."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.core.settings.config import DataConfig, RunConfig
from explorer.export.page.rerun import command_line
from explorer.export.sharing import own_config, shared_config, without_home

HOME = Path("/home/ada.lovelace")


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("HOME", str(HOME))
    monkeypatch.setenv("USERPROFILE", str(HOME))


def config_of(source: Path | str) -> RunConfig:
    return RunConfig(data=DataConfig(source=str(source)))


@pytest.mark.parametrize(
    "source", ["mnist", "/data/coins", "/home/ada.lovelace.old/coins", "coins", "~/coins"]
)
def test_other_places_stay_as_they_are(source):
    assert shared_config(config_of(source)).data.source == source


def test_a_data_set_of_ones_own_is_found_again():
    config = config_of(HOME / "my data" / "coins")
    assert shared_config(config).data.source == str(Path("~/my data/coins"))
    assert own_config(shared_config(config)) == config


def test_the_command_of_a_page_does_not_name_the_folder():
    assert "ada" not in command_line(config_of(HOME / "coins"), 1.0)


def test_details_of_an_error_do_not_name_the_folder():
    assert without_home(f"File {HOME}/x.py, line 3") == "File ~/x.py, line 3"


@pytest.mark.parametrize(
    ("home", "told", "shared"),
    [
        (
            "/root",
            "/opt/rootfs /mnt/root/x /root.old/x /root-2",
            "/opt/rootfs /mnt/root/x /root.old/x /root-2",
        ),
        ("/root", "'/root': in /root, (/root/a:3) and /root.", "'~': in ~, (~/a:3) and ~."),
        ("/root", "file:///root/a", "file://~/a"),
    ],
)
def test_only_paths_that_begin_with_the_folder_are_shortened(home, told, shared, monkeypatch):
    """Root's folder is a part of many words, and the paths of a report were wrong."""
    monkeypatch.setattr(Path, "home", lambda: Path(home))
    assert without_home(told) == shared
