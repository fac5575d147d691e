"""Ask the compiler for the widest vectors of the processor, and for a stack on which they lie well.

LLVM holds itself to 256 bits on processors that once slowed down under 512; for long loops of plain arithmetic the wide
ones are a fifth faster there. Elsewhere the wish has no effect. A formula with more constants than the processor has
registers keeps them on the stack: unless the stack is aligned anew each of them straddles two lines of the cache, which
costs a tenth of the time. This file holds all that Hedgerow knows of how llvmlite
writes the attributes of a function; where that has changed, nothing is asked for.
"""

from __future__ import annotations

from typing import Any

from hedgerow.kernels.compile import Primitive

ATTRIBUTES = ('"prefer-vector-width"="512"', '"stackrealign"')


def _wide_intrinsic() -> Any:  # pragma: no cover - runs where kernels are compiled
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def wide(_context: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
            attributes = builder.function.attributes
            if isinstance(attributes, set):
                set.update(attributes, ATTRIBUTES)
            return context.get_dummy_value()

        return types.none(), generate

    return wide


def _plain_wide() -> None:
    return None


wide_vectors = Primitive(_wide_intrinsic, _plain_wide)
"""Call it first in a kernel whose loops are long; it does nothing at run time."""
