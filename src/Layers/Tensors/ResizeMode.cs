namespace GpuNets;

/// <summary>What a resized image shows between its elements.</summary>
public enum ResizeMode
{
    /// <summary>The element at floor(o * size / new size): PyTorch's nearest.</summary>
    Nearest,

    /// <summary>A line between neighbours along each axis: PyTorch's linear and bilinear.</summary>
    Linear,
}
