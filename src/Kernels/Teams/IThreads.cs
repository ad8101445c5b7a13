namespace GpuNets.Kernels;

/// <summary>Threads of a GPU that do a row together and put one value each together.</summary>
internal interface IThreads
{
    /// <summary>The thread, and how many there are.</summary>
    static abstract int Rank { get; }

    static abstract int Size { get; }

    /// <summary>The sum of one value per thread, for all of them.</summary>
    static abstract float Sum(float value);

    /// <summary>The sums of two values per thread.</summary>
    static abstract void Sums(ref float first, ref float second);

    /// <summary>The largest of one value per thread; NaN if there is one.</summary>
    static abstract float Max(float value);

    static abstract void Barrier();
}
