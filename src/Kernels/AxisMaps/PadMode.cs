namespace GpuNets;

/// <summary>How a tensor goes on beyond its ends. Each may be wider than the axis: it then goes on in the same way.</summary>
public enum PadMode
{
    /// <summary>Mirrored at the last element, which is not repeated: c b | a b c | b a. NumPy's and PyTorch's reflect, OpenCV's BORDER_REFLECT_101.</summary>
    Reflect,

    /// <summary>Mirrored behind the last element, which is repeated: b a | a b c | c b. NumPy's symmetric, OpenCV's BORDER_REFLECT.</summary>
    Symmetric,

    /// <summary>The last element again and again: a a | a b c | c c. NumPy's edge, PyTorch's replicate, OpenCV's BORDER_REPLICATE.</summary>
    Replicate,

    /// <summary>From the other end: b c | a b c | a b. NumPy's wrap, PyTorch's circular, OpenCV's BORDER_WRAP.</summary>
    Circular,
}
