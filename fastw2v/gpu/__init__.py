"""Training on a GPU: kernels for numba-cuda.

A warp of 32 lanes trains what on the CPU a thread trains; the columns of a row are spread over the
lanes, and windows, targets and updates are those of `fastw2v.kernels`. Kernels are made by
functions, such as `fastw2v.gpu.training.training_kernel`, from two things: a `Shape`, whose numbers
are constants to the compiler, and a `Lanes`, the operations of numba-cuda. The tests make the same
kernels from operations of their own, which run in plain Python, lane by lane.
"""
