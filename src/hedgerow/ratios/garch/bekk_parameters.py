"""The parameters of a BEKK model: which numbers its matrices are made of, their names, and their signs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray, IntArray

Form = Literal["full", "diagonal", "scalar"]
FORMS: tuple[Form, ...] = ("full", "diagonal", "scalar")


@dataclass(frozen=True, eq=False)
class Matrices:
    """What the recursion ``constant + A'(e e' - target)A + B'(H - target)B`` is made of, each (d, d).

    Attributes
    ----------
    constant, target_a, target_b, a, b
        The constant, target times A, target times B, A and B.
    freedom
        Degrees of freedom of Student's t, 0 for the normal distribution.
    """

    constant: FloatArray
    target_a: FloatArray
    target_b: FloatArray
    a: FloatArray
    b: FloatArray
    freedom: float


@dataclass(frozen=True)
class Layout:
    """Where each parameter of a BEKK model stands in the vector (p,).

    First, without targeting, C's lower triangle row by row; then A's elements row by row, then B's; then the degrees
    of freedom where the distribution is Student's t.
    """

    form: Form
    n_series: int
    targeting: bool
    student: bool

    @property
    def n_constant(self) -> int:
        """Parameters of the constant."""
        return 0 if self.targeting else self.n_series * (self.n_series + 1) // 2

    @property
    def n_loadings(self) -> int:
        """Parameters of A, and as many of B."""
        return {"full": self.n_series**2, "diagonal": self.n_series, "scalar": 1}[self.form]

    @property
    def size(self) -> int:
        """Parameters in all."""
        return self.n_constant + 2 * self.n_loadings + int(self.student)

    @property
    def names(self) -> tuple[str, ...]:
        """Names: ``c21``, ``a12``; ``a`` and ``b`` in the scalar form; indices apart by a comma from ten series on."""
        d, apart = self.n_series, "," if self.n_series > 9 else ""
        triangle = [f"{i + 1}{apart}{j + 1}" for i, j in zip(*np.tril_indices(d), strict=True)]
        square = [f"{i + 1}{apart}{j + 1}" for i in range(d) for j in range(d)]
        diagonal = [f"{i + 1}{apart}{i + 1}" for i in range(d)]
        own = {"full": square, "diagonal": diagonal, "scalar": [""]}[self.form]
        constants = [] if self.targeting else [f"c{index}" for index in triangle]
        tail = ["degrees_of_freedom"] if self.student else []
        return (*constants, *(f"a{index}" for index in own), *(f"b{index}" for index in own), *tail)

    def columns(self) -> tuple[IntArray, IntArray]:
        """Return which parameter each element of A, and of B, is: two (d, d), -1 where an element is zero."""
        return _columns(self)

    def matrices(self, parameters: FloatArray, target: FloatArray) -> Matrices:
        """Return the matrices that ``parameters`` (p,) stand for, given what the covariances are drawn to."""
        column_a, column_b = self.columns()
        with_zero = np.append(parameters, 0.0)  # where -1 points
        a, b = with_zero[column_a], with_zero[column_b]
        freedom = float(parameters[-1]) if self.student else 0.0
        if self.targeting:
            return Matrices(target, target @ a, target @ b, a, b, freedom)
        root = self.root(parameters)
        none = np.zeros_like(a)
        return Matrices(root @ root.T, none, none, a, b, freedom)

    def root(self, parameters: FloatArray) -> FloatArray:
        """Return C (d, d), the constant being C C'."""
        root = np.zeros((self.n_series, self.n_series))
        root[np.tril_indices(self.n_series)] = parameters[: self.n_constant]
        return root

    def constant_slopes(self, parameters: FloatArray) -> FloatArray:
        """Return what each parameter moves the constant by: (m, p) of stacked triangles."""
        rows, columns = np.tril_indices(self.n_series)
        slopes = np.zeros((len(rows), self.size))
        if self.targeting:
            return slopes
        root = self.root(parameters)
        for number, (i, j) in enumerate(zip(rows, columns, strict=True)):
            slopes[:, number] = (rows == i) * root[columns, j] + (columns == i) * root[rows, j]
        return slopes

    def signed(self, parameters: FloatArray) -> FloatArray:
        """Return the parameters with the signs that identify them: C's diagonal, a11 and b11 positive."""
        signed = parameters.copy()
        if not self.targeting:
            root = self.root(parameters)
            root = root * np.where(np.diag(root) < 0.0, -1.0, 1.0)
            signed[: self.n_constant] = root[np.tril_indices(self.n_series)]
        for first in (self.n_constant, self.n_constant + self.n_loadings):
            if signed[first] < 0.0:
                signed[first : first + self.n_loadings] *= -1.0
        return signed


@lru_cache(maxsize=64)
def _columns(layout: Layout) -> tuple[IntArray, IntArray]:
    d, first = layout.n_series, layout.n_constant
    own = np.full((d, d), -1)
    if layout.form == "full":
        own = np.arange(d * d).reshape(d, d)
    else:
        own[np.diag_indices(d)] = np.arange(d) if layout.form == "diagonal" else 0
    columns = (np.where(own < 0, -1, own + first), np.where(own < 0, -1, own + first + layout.n_loadings))
    for column in columns:
        column.flags.writeable = False
    return columns


def transition(b: FloatArray) -> FloatArray:
    """Return X -> B'X B as a matrix (m, m) on stacked lower triangles."""
    rows, columns = np.tril_indices(len(b))
    own = b[np.ix_(rows, rows)].T * b[np.ix_(columns, columns)].T
    other = b[np.ix_(columns, rows)].T * b[np.ix_(rows, columns)].T
    moved: FloatArray = np.where(rows == columns, own, own + other)
    return np.ascontiguousarray(moved)


def persistence(a: FloatArray, b: FloatArray) -> float:
    """Return the largest modulus of the eigenvalues of ``A ⊗ A + B ⊗ B``: below 1 the covariances have a mean."""
    return float(np.max(np.abs(np.linalg.eigvals(np.kron(a, a) + np.kron(b, b)))))
