from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from explorer.analysis.distinct import distinct


@pytest.mark.parametrize("values", [[], [3], [3, 1, 3, 2, 1], [0.5, -0.5, 0.5]])
def test_each_value_comes_once_in_order(values):
    assert distinct(np.array(values)).tolist() == sorted(set(values))


def test_a_sphere_and_distinct_values_load_no_masked_arrays():
    """They take 100 ms to load, in which the window would stand still at its first drawing."""
    code = (
        "import sys, numpy as np\n"
        "from explorer.analysis.distinct import distinct\n"
        "from explorer.analysis.sphere.classification import mesh\n"
        "distinct(np.arange(3.0)), mesh(2)\n"
        "print('numpy.ma' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
