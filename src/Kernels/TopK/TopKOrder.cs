using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The order of a selection: larger numbers first (Sign 1) or smaller ones (Sign -1); NaN counts as larger than all numbers; of equal
/// values the one with the lower index comes first.
/// </summary>
internal struct TopKOrder
{
    public float Sign;

    /// <summary>1 or 0: a comparison of the sign would be one that NaN passes.</summary>
    public int Largest;

    /// <summary>The last value that is selected; NaN if that is a NaN.</summary>
    public float Threshold;

    /// <summary>Selected with certainty.</summary>
    public readonly bool Above(float x)
    {
        if (float.IsNaN(x)) return Largest != 0 && !float.IsNaN(Threshold);
        if (float.IsNaN(Threshold)) return Largest == 0;
        return DeviceMath.IfGreater(x * Sign, Threshold * Sign, 1f, 0f) != 0f;
    }

    /// <summary>Equal to the last one: selected while there is room.</summary>
    public readonly bool Ties(float x) =>
        float.IsNaN(Threshold) ? float.IsNaN(x) : DeviceMath.IfEqual(x, Threshold, 1f, 0f) != 0f;

    /// <summary>a at index i comes before b at index j.</summary>
    public readonly bool Before(float a, int i, float b, int j)
    {
        bool nanA = float.IsNaN(a), nanB = float.IsNaN(b);
        if (nanA != nanB) return nanA ? Largest != 0 : Largest == 0;
        if (nanA) return i < j;
        if (DeviceMath.IfEqual(a, b, 1f, 0f) != 0f) return i < j;
        return DeviceMath.IfGreater(a * Sign, b * Sign, 1f, 0f) != 0f;
    }

    /// <summary>The float of an ordered key: keys are unsigned numbers that grow as the floats do.</summary>
    public static float OfKey(uint key) => Interop.IntAsFloat((key & 0x80000000u) != 0u ? key ^ 0x80000000u : ~key);
}

/// <summary>1 for numbers whose value times the sign is at least (or above) a threshold. NaN never is.</summary>
internal unsafe struct TopKCount : IElementMap
{
    public float* X;
    public float Sign, Threshold;

    /// <summary>What equal values count.</summary>
    public float Equal;

    public readonly T At<T>(int i) where T : struct, ILane<T>
    {
        T y = T.Load(X, i) * T.Of(Sign), threshold = T.Of(Threshold);
        return T.IfGreater(y, threshold, T.Of(1f), T.IfEqual(y, threshold, T.Of(Equal), T.Of(0f)));
    }
}

/// <summary>1 for NaN.</summary>
internal unsafe struct TopKNaN : IElementMap
{
    public float* X;

    public readonly T At<T>(int i) where T : struct, ILane<T>
    {
        T x = T.Load(X, i);
        return T.IfEqual(x, x, T.Of(0f), T.Of(1f));
    }
}
