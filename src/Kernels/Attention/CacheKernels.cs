using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Writes new time steps behind those that a cache [batch, heads, capacity, size] holds, a team per sample, head and step. Samples may hold
/// different numbers of steps, and get different numbers of new ones.
/// </summary>
internal struct CacheAppend : IRowKernel
{
    public ArrayView<float> From, Cache;

    /// <summary>Steps held with the new ones, and the new ones, [2, batch].</summary>
    public ArrayView<int> Steps;
    public AttentionPlace Place;
    public int Batch, Heads, Time, Capacity, Size;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int pair = row / Time, t = row % Time, sample = pair / Heads;
        int* steps = Steps.Ptr();
        int added = steps[Batch + sample], count = t < added ? Size : 0;
        TTeam.Each(count, new CopyBody<Write>
        {
            X = From.Ptr() + Place.Row(sample, pair % Heads, t),
            Y = Cache.Ptr() + (pair * Capacity + steps[sample] - added + t) * Size,
        });
    }
}

/// <summary>Copies the first floats of each pair of sample and head from another cache; sample b comes from sample Index[b].</summary>
internal struct CacheCopy : IRowKernel
{
    public ArrayView<float> From, To;
    public ArrayView<int> Index;

    /// <summary>Floats from one pair to the next, and how many are copied.</summary>
    public int Heads, FromStep, ToStep, Count;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam =>
        TTeam.Each(Count, new CopyBody<Write>
        {
            X = From.Ptr() + (Index.Ptr()[row / Heads] * Heads + row % Heads) * FromStep,
            Y = To.Ptr() + row * ToStep,
        });
}
