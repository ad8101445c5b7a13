namespace GpuNets.Kernels;

/// <summary>
/// Those who work together on one row: one OpenCL work-item (<see cref="SerialTeam"/>), the SIMD lanes of a host core
/// (<see cref="SimdTeam{TWide}"/>), a warp (<see cref="WarpThreads"/>) or a whole GPU group (<see cref="GroupThreads"/>). A row kernel is
/// written once over teams. Every member must take part in every call, and all get the result of a reduction.
/// </summary>
internal interface ITeam
{
    /// <summary>Index of this member; 0 leads.</summary>
    static abstract int Rank { get; }

    /// <summary>Number of members.</summary>
    static abstract int Size { get; }

    /// <summary>Runs the body for elements 0..n-1, shared among the members; wide lanes where there are any.</summary>
    static abstract void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody;

    /// <summary>Sum over 0..n-1, in an order that depends on n and the team alone.</summary>
    static abstract float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap;

    /// <summary>Two sums over 0..n-1 in one pass, each in the order of <see cref="Sum"/>.</summary>
    static abstract void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair;

    /// <summary>Maximum over 0..n-1 (n at least 1); NaN if there is one.</summary>
    static abstract float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap;

    /// <summary>What any member wrote before is seen by all members after.</summary>
    static abstract void Barrier();
}
