"""A package that adds something to the program must not disturb what the program says."""

from importlib.metadata import EntryPoint

from explorer.core.plugins import load


def test_what_a_package_prints_when_it_is_loaded_is_not_in_the_output_of_a_command(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "a_talkative_package.py").write_text("print('Welcome!')\nLOSS = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert load(EntryPoint("loss", "a_talkative_package:LOSS", "any group")) == 7
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Welcome!\n")
