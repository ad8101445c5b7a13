namespace GpuNets.Training;

/// <summary>Element types of NumPy arrays that are read, by their NumPy names.</summary>
public enum NpyType
{
    /// <summary>Single precision.</summary>
    F4,

    /// <summary>Double precision.</summary>
    F8,

    /// <summary>Signed byte.</summary>
    I1,

    /// <summary>Signed 32-bit integer.</summary>
    I4,

    /// <summary>Signed 64-bit integer.</summary>
    I8,

    /// <summary>Unsigned byte.</summary>
    U1,

    /// <summary>One byte, 0 or 1.</summary>
    B1,
}
