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
