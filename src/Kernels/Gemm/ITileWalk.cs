namespace GpuNets.Kernels;

/// <summary>How a host register tile finds the rows of B.</summary>
internal interface ITileWalk
{
    static abstract bool HasTable { get; }
}

/// <summary>One behind the other, at even steps: matrices and packed panels.</summary>
internal readonly struct EvenSteps : ITileWalk
{
    public static bool HasTable => false;
}

/// <summary>Where a table says: the taps of a convolution.</summary>
internal readonly struct TableSteps : ITileWalk
{
    public static bool HasTable => true;
}
