namespace GpuNets.Kernels;

/// <summary>Work on element i and, with wide lanes, on the elements right after it. Holds raw pointers.</summary>
internal interface IElementBody
{
    void At<T>(int i) where T : struct, ILane<T>;
}

/// <summary>A value per element, to be reduced.</summary>
internal interface IElementMap
{
    T At<T>(int i) where T : struct, ILane<T>;
}

/// <summary>Two values per element, to be reduced together.</summary>
internal interface IElementPair
{
    void At<T>(int i, out T first, out T second) where T : struct, ILane<T>;
}
