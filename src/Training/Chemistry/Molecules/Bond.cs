namespace GpuNets.Training;

/// <summary>A bond between two atoms of a molecule.</summary>
/// <param name="First">Number of an atom, from 0.</param>
/// <param name="Second">Number of the other atom.</param>
/// <param name="Kind">Its kind.</param>
public readonly record struct Bond(int First, int Second, BondKind Kind)
{
    /// <summary>The atom at the other end.</summary>
    /// <param name="atom">One of its two atoms.</param>
    public int Other(int atom) => atom == First ? Second : First;
}
