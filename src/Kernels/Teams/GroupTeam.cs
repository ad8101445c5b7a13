using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// All threads of a GPU group (a power of two, at most <see cref="MaxSize"/>) on one row. Reductions are trees over shared memory, so
/// that they run on any GPU, warps or not, and always add in the same order.
/// </summary>
internal readonly struct GroupTeam : ITeam
{
    public const int MaxSize = 256;

    public static int Rank => Group.IdxX;
    public static int Size => Group.DimX;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        for (int i = Group.IdxX; i < n; i += Group.DimX) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float sum = 0;
        for (int i = Group.IdxX; i < n; i += Group.DimX) sum += map.At<Scalar>(i).Value;
        return Sum(sum);
    }

    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        first = 0;
        second = 0;
        for (int i = Group.IdxX; i < n; i += Group.DimX)
        {
            map.At(i, out Scalar a, out Scalar b);
            first += a.Value;
            second += b.Value;
        }
        Sums(ref first, ref second);
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float max = float.NegativeInfinity;
        for (int i = Group.IdxX; i < n; i += Group.DimX) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return Max(max);
    }

    public static void Barrier() => Group.Barrier();

    /// <summary>The sum of one value per thread.</summary>
    internal static float Sum(float sum)
    {
        var partial = SharedMemory.Allocate<float>(MaxSize);
        partial[Group.IdxX] = sum;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half) partial[Group.IdxX] += partial[Group.IdxX + half];
            Group.Barrier();
        }
        sum = partial[0];
        Group.Barrier();
        return sum;
    }

    /// <summary>The sums of two values per thread.</summary>
    internal static void Sums(ref float first, ref float second)
    {
        var partial = SharedMemory.Allocate<float>(2 * MaxSize);
        partial[Group.IdxX] = first;
        partial[MaxSize + Group.IdxX] = second;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                partial[Group.IdxX] += partial[Group.IdxX + half];
                partial[MaxSize + Group.IdxX] += partial[MaxSize + Group.IdxX + half];
            }
            Group.Barrier();
        }
        first = partial[0];
        second = partial[MaxSize];
        Group.Barrier();
    }

    /// <summary>The largest of one value per thread.</summary>
    internal static float Max(float max)
    {
        var partial = SharedMemory.Allocate<float>(MaxSize);
        partial[Group.IdxX] = max;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half) partial[Group.IdxX] = SerialTeam.Larger(partial[Group.IdxX], partial[Group.IdxX + half]);
            Group.Barrier();
        }
        max = partial[0];
        Group.Barrier();
        return max;
    }
}
