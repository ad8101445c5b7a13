namespace GpuNets.Kernels;

/// <summary>Columns of a host register tile: how many registers, and whether a mask cuts them off.</summary>
internal interface ITileColumns
{
    static abstract int Registers { get; }
    static abstract bool Masked { get; }
}

/// <summary>Two whole registers.</summary>
internal readonly struct FullColumns : ITileColumns
{
    public static int Registers => 2;
    public static bool Masked => false;
}

/// <summary>More than one register, less than two.</summary>
internal readonly struct CutColumns : ITileColumns
{
    public static int Registers => 2;
    public static bool Masked => true;
}

/// <summary>At most one register.</summary>
internal readonly struct NarrowColumns : ITileColumns
{
    public static int Registers => 1;
    public static bool Masked => true;
}
