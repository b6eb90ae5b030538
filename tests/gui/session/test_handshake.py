"""A worker of another version is refused, and the sentence says which side to update."""

import pytest

from explorer import __version__
from explorer.core.protocol.messages import PROTOCOL_VERSION, Hello
from explorer.gui.session.process.handshake import mismatch

THERE, HERE = "update Loss Explorer on the trainer's machine.", "update Loss Explorer on this machine."
BOTH = "install the same version on both machines."


def test_a_worker_of_the_same_version_is_welcome():
    assert mismatch(Hello(PROTOCOL_VERSION, __version__, "2.9", ())) is None


@pytest.mark.parametrize(
    ("protocol", "version", "advice"),
    [
        (0, __version__, THERE),
        (1, "0.0.9", THERE),
        (-5, "999.1", THERE),
        (PROTOCOL_VERSION, "0.0.9", THERE),
        (PROTOCOL_VERSION, "", THERE),
        (PROTOCOL_VERSION, "999.1", HERE),
        (PROTOCOL_VERSION, f"{__version__}.1", HERE),
        (PROTOCOL_VERSION + 1, __version__, HERE),
        (PROTOCOL_VERSION + 1, "0.0.9", HERE),
        (2**63, "9" * 50_000, HERE),
        (PROTOCOL_VERSION, f"{__version__}+own", BOTH),
    ],
)
def test_a_worker_of_another_version_is_refused_with_what_to_do(protocol, version, advice):
    sentence = str(mismatch(Hello(protocol, version, "2.9", ())))
    assert sentence.endswith(f": {advice}")
    assert f"(protocol {protocol})" in sentence
    assert f"{__version__} (protocol {PROTOCOL_VERSION})" in sentence
    assert version[:20] in sentence
    assert len(sentence) < 250
